import { isOnesubError } from '../../packages/onesub/src/core/errors.ts'
import { email } from '../../packages/onesub/src/core/identifiers/testing/outcome.ts'

/** What a part of the verification came to. */
export interface Checked {
  /** In order: a key, or the code of the refusal. */
  readonly results: readonly string[]
  readonly failures: readonly string[]
}

/** A key or a code; whatever else is thrown is a result that no check lets pass. */
export function emailOrThrown(address: string): string {
  try {
    return email(address)
  } catch (error) {
    return isOnesubError(error) ? error.code : 'THROWN'
  }
}
