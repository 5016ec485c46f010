import type { Desk } from '../desk.ts'
import { CognitoFault, invalidParameter, notAuthorized, notEmulated } from '../faults.ts'
import type { JsonRecord } from '../json.ts'
import { stored } from '../spelling.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Challenge } from '../state/challenges.ts'
import { checkPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { setPassword } from './admin-users.ts'
import { completeSignIn } from './authentication.ts'
import { parameter } from './initiate-auth.ts'
import { type Call, clientOf, type Operation } from './operation.ts'

export const respondToAuthChallenge: Operation = (call) => respond(call, clientOf(call))

export const adminRespondToAuthChallenge: Operation = (call) => {
  const { desk, input } = call
  return respond(call, desk.account.clientOf(input.need('UserPoolId'), input.need('ClientId')))
}

type Answers = Readonly<Record<string, string>>

async function respond({ desk, input }: Call, place: ClientInPool): Promise<JsonRecord> {
  const name = input.need('ChallengeName')
  if (name !== 'NEW_PASSWORD_REQUIRED') throw notEmulated(`The challenge ${name}`)
  const answers = input.texts('ChallengeResponses') ?? {}
  const session = input.need('Session')
  const challenge = challengeFor(desk, place, session, answers)
  setNewPassword(desk, place.pool, challenge, answers)
  desk.challenges.end(session)
  const source = 'TokenGeneration_NewPasswordChallenge'
  return await completeSignIn(desk, place, challenge.user, source, input.texts('ClientMetadata'))
}

function challengeFor(desk: Desk, { pool, client }: ClientInPool, session: string, answers: Answers): Challenge {
  const typed = parameter(answers, 'USERNAME')
  client.checkSecretHash(typed, answers.SECRET_HASH)
  const challenge = desk.challenges.peek(session)
  if (!challenge || challenge.client !== client) throw notAuthorized('Invalid session for the user.')
  const isSameUser = pool.users.resolve(typed) === challenge.user
  if (!isSameUser) throw new CognitoFault('CodeMismatchException', 'Invalid session for the user.')
  if (!challenge.user.enabled) throw notAuthorized('User is disabled.')
  return challenge
}

function setNewPassword(desk: Desk, pool: Pool, { user, client }: Challenge, answers: Answers): void {
  const password = parameter(answers, 'NEW_PASSWORD')
  const given = new Map(
    Object.entries(answers).flatMap(([name, value]): [string, string][] =>
      name.startsWith('userAttributes.') ? [[name.slice('userAttributes.'.length), value]] : [],
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
