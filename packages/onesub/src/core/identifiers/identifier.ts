/**
 * The version of all the rules in this folder. It is stored beside every identifier, because two versions may fold the same
 * spelling differently: a change of any output is a new number, never a silent repair.
 */
export const NORMALISER_VERSION = 1

export type IdentifierKind = 'email' | 'phone' | 'username'

declare const brand: unique symbol

/** The byte-exact normal form. Only this folder makes one, so a raw spelling can never be compared with it by mistake. */
export type NormalForm = string & { readonly [brand]: 'NormalForm' }

/** A normalised identifier that should belong to one person. */
export interface Identifier<K extends IdentifierKind = IdentifierKind> {
  readonly kind: K
  readonly value: NormalForm
  readonly version: typeof NORMALISER_VERSION
  /** The tenant in which it belongs to one person; absent for the whole pool. See `Policy.uniqueWithin`. */
  readonly within?: string
}

/** Why a spelling gives no identifier. A fault never carries the spelling itself: it may end in a log. */
export type IdentifierFault =
  | 'IDENTIFIER_EMPTY'
  | 'IDENTIFIER_TOO_LONG'
  | 'IDENTIFIER_PLACEHOLDER'
  | 'EMAIL_SYNTAX'
  | 'EMAIL_LOCAL_PART'
  | 'EMAIL_DOMAIN'
  | 'EMAIL_CHARACTERS'
  | 'PHONE_FORMAT'
  | 'USERNAME_CHARACTERS'

/** `trimmed` tells that outer ASCII spaces were taken off: the caller may say so, nothing is dropped in silence. */
export type Normalised<K extends IdentifierKind> =
  | { readonly ok: true; readonly identifier: Identifier<K>; readonly trimmed: boolean }
  | { readonly ok: false; readonly fault: IdentifierFault }

export function accepted<K extends IdentifierKind>(kind: K, value: string, trimmed = false): Normalised<K> {
  return { ok: true, identifier: { kind, value: value as NormalForm, version: NORMALISER_VERSION }, trimmed }
}

export function rejected(fault: IdentifierFault): { readonly ok: false; readonly fault: IdentifierFault } {
  return { ok: false, fault }
}
