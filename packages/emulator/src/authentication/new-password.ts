import { invalidParameter, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { checkPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { written } from '../state/spelling.ts'
import type { User } from '../state/user.ts'
import { continueAfterFirstFactor } from './first-factor.ts'
import { setPassword } from './set-password.ts'
import { type Answer, parameter } from './sign-in-attempt.ts'

const PREFIX = 'userAttributes.'

export async function answerNewPassword(answer: Answer<'NEW_PASSWORD_REQUIRED'>): Promise<JsonRecord> {
  setNewPassword(answer)
  answer.close()
  return await continueAfterFirstFactor(answer.attempt)
}

function setNewPassword({ attempt: { context, clientInPool, user }, answers }: Answer<'NEW_PASSWORD_REQUIRED'>): void {
  const { pool, client } = clientInPool
  const password = parameter(answers, 'NEW_PASSWORD')
  const given = new Map(
    Object.entries(answers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : [],
    ),
  )
  client.assertWritable(given)
  pool.schema.checkChange(given)
  checkPassword(pool.settings.passwordPolicy, password)
  refuseProvided(pool, user, given)
  const missing = pool.schema.missing(new Map([...user.attributes, ...given]))
  if (missing.length > 0) throw invalidParameter(`Invalid attributes given, ${missing[0]} is missing`)
  const changes = written(context, pool, given)
  pool.users.change(user, new Map([...changes, ...unproven(user, changes)]), 'refuse', context.clock())
  setPassword(context, pool, user, password)
}

/**
 * A required attribute and a sign-in name cannot be written again, not even with the same value (API reference:
 * RespondToAuthChallenge, "you can't modify a required attribute that already has a value").
 */
function refuseProvided(pool: Pool, user: User, given: ReadonlyMap<string, string>): void {
  const required = pool.schema.rules.filter((rule) => rule.required).map(({ name }) => name)
  const kept = [...required, ...pool.configuration.usernameAttributes]
  const provided = kept.find((name) => given.has(name) && user.attributes.has(name))
  if (provided) throw notAuthorized(`Cannot modify an already provided ${provided}`)
}

/** The user may write any address here, so a changed address is unverified. */
function unproven(user: User, changes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const written = ['email', 'phone_number'].filter((name) => {
    return changes.has(name) && changes.get(name) !== user.attributes.get(name)
  })
  return new Map(written.map((name) => [`${name}_verified`, 'false']))
}
