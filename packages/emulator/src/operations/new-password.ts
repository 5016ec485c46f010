import { invalidParameter } from '../faults.ts'
import type { JsonRecord } from '../json.ts'
import { stored } from '../spelling.ts'
import { checkPassword } from '../state/password.ts'
import { setPassword } from './admin-users.ts'
import { admit } from './authentication.ts'
import type { Answer } from './challenge-answer.ts'
import { parameter } from './challenge-answer.ts'

const PREFIX = 'userAttributes.'

export async function answerNewPassword(answer: Answer<'NEW_PASSWORD_REQUIRED'>): Promise<JsonRecord> {
  setNewPassword(answer)
  answer.close()
  return await admit(answer.entrance)
}

function setNewPassword({ entrance: { desk, place, user }, answers }: Answer<'NEW_PASSWORD_REQUIRED'>): void {
  const { pool, client } = place
  const password = parameter(answers, 'NEW_PASSWORD')
  const given = new Map(
    Object.entries(answers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value]] : [],
    ),
  )
  client.assertWritable(given)
  pool.schema.checkChange(given)
  checkPassword(pool.settings.passwordPolicy, password)
  const missing = pool.schema.missing(new Map([...user.attributes, ...given]))
  if (missing.length > 0) throw invalidParameter(`Invalid attributes given, ${missing[0]} is missing`)
  pool.users.change(user, stored(desk, pool, given), 'refuse', desk.clock())
  setPassword(desk, pool, user, password)
}
