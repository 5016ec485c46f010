import { quirksOf } from '../quirks/quirks.ts'
import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import type { ImportJob } from '../state/import-job.ts'
import { parseImportedHash } from '../state/imported-hash.ts'
import { nameNewUser } from '../state/new-user.ts'
import type { Pool } from '../state/pool.ts'
import { stored } from '../state/spelling.ts'
import { User } from '../state/user.ts'
import type { OperationsContext } from './context.ts'

const HASH_COLUMN = 'cognito:password_hash'
const STANDARD =
  'name given_name family_name middle_name nickname preferred_username profile picture website email email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at'
const OWN = ['cognito:mfa_enabled', 'cognito:username']

/** Developer Guide: cognito-user-pools-using-import-tool, "Formatting the .csv file". */
export function csvHeader(pool: Pool): readonly string[] {
  const custom = pool.schema.rules.map((rule) => rule.name).filter((name) => name.startsWith('custom:'))
  return [...STANDARD.split(' '), ...custom, ...OWN]
}

/** No quotes; a comma inside a value has a backslash before it (same guide page). */
const cellsOf = (line: string) => line.split(/(?<!\\),/u).map((cell) => cell.trim().replaceAll('\\,', ','))

export type Row = ReadonlyMap<string, string>

export function rowsOf(pool: Pool, file: string): readonly Row[] {
  const [first = '', ...lines] = file.split(/\r?\n/u).filter((line) => line.trim() !== '')
  const header = cellsOf(first)
  const missing = csvHeader(pool).find((name) => !header.includes(name))
  if (missing) throw invalidParameter(`The header has no column ${missing}.`)
  return lines.map((line) => new Map(cellsOf(line).map((cell, index): [string, string] => [header[index] ?? '', cell])))
}

export type RowResult = 'imported' | 'skipped'

/** Runs no trigger. A row whose user exists already is skipped. */
export function importRow(context: OperationsContext, pool: Pool, job: ImportJob, row: Row): RowResult {
  const typed = row.get('cognito:username') ?? ''
  if (typed === '') throw invalidParameter('The row has no cognito:username.')
  const attributes = attributesIn(row)
  assertReachable(pool, attributes)
  const { attributes: named, ...name } = nameNewUser(pool, typed, attributes)
  pool.schema.checkNew(named)
  const missing = pool.schema.missing(named)
  if (missing.length > 0) throw invalidParameter(`The row lacks ${missing.join(', ')}.`)
  const hash = row.get(HASH_COLUMN)
  const imported = job.hash && hash ? parseImportedHash(job.hash, hash) : undefined
  const status = imported ? 'CONFIRMED' : 'RESET_REQUIRED'
  const user = new User({ ...name, attributes: stored(context, pool, named), status, now: context.clock() })
  user.importedPassword = imported
  user.mfa.sms = row.get('cognito:mfa_enabled')?.toLowerCase() === 'true'
  return add(context, pool, user)
}

function add(context: OperationsContext, pool: Pool, user: User): RowResult {
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  try {
    pool.users.add(user, 'refuse')
  } catch (error) {
    if (error instanceof CognitoFault && error.type === 'UsernameExistsException') return 'skipped'
    throw error
  }
  return 'imported'
}

function attributesIn(row: Row): ReadonlyMap<string, string> {
  const isOwn = (name: string) => name.startsWith('cognito:')
  return new Map(
    [...row].flatMap(([name, value]): [string, string][] => {
      if (isOwn(name) || value === '') return []
      return [[name, name.endsWith('_verified') ? value.toLowerCase() : value]]
    }),
  )
}

/** One verified address that the pool verifies by itself: the password is reset through it. */
function assertReachable(pool: Pool, attributes: ReadonlyMap<string, string>): void {
  const isVerified = (name: string) => attributes.has(name) && attributes.get(`${name}_verified`) === 'true'
  if (!pool.settings.autoVerified.some(isVerified)) throw invalidParameter('The row has no verified address.')
}
