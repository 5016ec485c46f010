import type { JsonRecord } from '../shared/json.ts'
import { askForSecondFactor } from './second-factor.ts'
import type { SignInAttempt } from './sign-in-attempt.ts'
import { refuseByStatus } from './user-status.ts'

/** The first factor is proven. The status of the user and further challenges are checked before tokens are issued. */
export async function continueAfterFirstFactor(attempt: SignInAttempt): Promise<JsonRecord> {
  refuseByStatus(attempt.context, attempt.user)
  if (attempt.user.status === 'FORCE_CHANGE_PASSWORD') return newPasswordRequired(attempt)
  return await askForSecondFactor(attempt)
}

function newPasswordRequired({
  context,
  clientInPool: { pool, client },
  user,
  source: before,
}: SignInAttempt): JsonRecord {
  const required = pool.schema.missing(user.attributes).map((name) => `userAttributes.${name}`)
  const source = before === 'TokenGeneration_HostedAuth' ? before : 'TokenGeneration_NewPasswordChallenge'
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: context.challenges.begin({ name: 'NEW_PASSWORD_REQUIRED', user, client, source }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(required),
      userAttributes: JSON.stringify(Object.fromEntries(pool.shown(user.attributes))),
    },
  }
}
