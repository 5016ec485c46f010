import { invalidParameter } from '../shared/faults.ts'

export interface UserFilter {
  readonly attribute: string
  readonly operator: '=' | '^='
  readonly value: string
}

// Developer Guide: how-to-manage-user-accounts, "searchable attributes".
const SEARCHABLE =
  'username email phone_number name given_name family_name preferred_username cognito:user_status status sub'.split(' ')
const GRAMMAR = /^\s*"?(?<attribute>[\w:]+)"?\s*(?<operator>\^?=)\s*"(?<value>(?:[^"\\]|\\.)*)"\s*$/u

/** `AttributeName Op "Value"`: one attribute, quotes inside the value escaped by a backslash. */
export function parseUserFilter(text: string | undefined): UserFilter | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const { attribute, operator, value } = GRAMMAR.exec(text)?.groups ?? {}
  if (attribute === undefined || value === undefined) throw invalidParameter('Error while parsing filter')
  if (!SEARCHABLE.includes(attribute)) throw invalidParameter(`Invalid search attribute: ${attribute}`)
  return { attribute, operator: operator === '^=' ? '^=' : '=', value: value.replace(/\\(.)/gu, '$1') }
}

export function matches(filter: UserFilter, actual: string | undefined, folds: boolean): boolean {
  if (actual === undefined) return false
  const [left, right] = folds ? [actual.toLowerCase(), filter.value.toLowerCase()] : [actual, filter.value]
  return filter.operator === '=' ? left === right : left.startsWith(right)
}
