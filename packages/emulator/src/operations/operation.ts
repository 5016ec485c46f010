import { userNotFound } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { OperationsContext } from './context.ts'

export interface Call {
  readonly context: OperationsContext
  readonly input: Input
}

export type Operation = (call: Call) => JsonRecord | Promise<JsonRecord>

export const NOTHING: JsonRecord = {}

export function poolOf({ context, input }: Call): Pool {
  return context.account.pool(input.need('UserPoolId'))
}

export function clientOf({ context, input }: Call): ClientInPool {
  return context.account.client(input.need('ClientId'))
}

/** The client of a public call, once its SECRET_HASH has been checked against the username as it was typed. */
export function trustedClientOf(call: Call, username: string): ClientInPool {
  const found = clientOf(call)
  found.client.checkSecretHash(username, call.input.text('SecretHash'))
  return found
}

export interface UserInPool {
  readonly pool: Pool
  readonly user: User
}

export function userOf(call: Call): UserInPool {
  const pool = poolOf(call)
  const user = pool.users.resolve(call.input.needUsername())
  if (!user) throw userNotFound()
  return { pool, user }
}
