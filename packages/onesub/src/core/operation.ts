import { createHash } from 'node:crypto'
import type { Brand } from './brand.ts'

/** The name of one logical operation: the same on each retry of it, and of nothing else. */
export type OpId = Brand<string, 'OpId'>

export interface OperationName {
  readonly pool: string
  readonly source: string
  readonly userName: string
  readonly client: string
  /** The revisions that the operation builds upon; 0 where it expects no row. Grown revisions make a new operation. */
  readonly expectedRevisions: readonly number[]
}

/**
 * Cognito may run a trigger up to three times for one sign-up (amplify-js#4805): each run must find the first one's work,
 * so the id is made of what the runs have in common.
 */
export function operationId({ pool, source, userName, client, expectedRevisions }: OperationName): OpId {
  const fields = [pool, source, userName, client, ...expectedRevisions.map(String)]
  return createHash('sha256').update(lengthPrefixed(fields), 'utf16le').digest('base64url') as OpId
}

/**
 * Fields are prefixed with their length, so that no two lists of fields read alike ("a","bc" and "ab","c").
 * Hash it as UTF-16: UTF-8 would turn every lone surrogate, which JSON can carry, into the same replacement character.
 */
export function lengthPrefixed(fields: readonly string[]): string {
  return fields.map((field) => `${field.length}:${field}`).join('')
}
