import type { Desk } from '../desk.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import { attributesForTriggers, triggerEvent } from './events.ts'

type Metadata = Readonly<Record<string, string>> | undefined

interface Subject {
  readonly pool: Pool
  readonly user: User
  readonly clientId: string | undefined
}

/** Developer Guide: user-pool-lambda-post-confirmation. What it throws does not undo the confirmation. */
export async function runPostConfirmation(
  desk: Desk,
  { pool, user, clientId }: Subject,
  source: 'ConfirmSignUp' | 'ConfirmForgotPassword',
  clientMetadata?: Metadata,
): Promise<void> {
  const event = triggerEvent({
    pool,
    clientId,
    userName: user.username,
    triggerSource: `PostConfirmation_${source}`,
    request: { userAttributes: attributesForTriggers(pool, user), ...(clientMetadata && { clientMetadata }) },
    response: {},
  })
  await desk.triggers.run(pool, 'PostConfirmation', event)
}

/** Developer Guide: user-pool-lambda-pre-authentication. */
export async function runPreAuthentication(
  desk: Desk,
  { pool, user, clientId }: Subject,
  validationData?: Metadata,
): Promise<void> {
  const event = triggerEvent({
    pool,
    clientId,
    userName: user.username,
    triggerSource: 'PreAuthentication_Authentication',
    request: { userAttributes: attributesForTriggers(pool, user), validationData: validationData ?? null },
    response: {},
  })
  await desk.triggers.run(pool, 'PreAuthentication', event)
}

/** Runs for an unknown user only where the client hides who exists (…-managing-errors). */
export async function runPreAuthenticationForNobody(
  desk: Desk,
  { pool, clientId, userName }: { pool: Pool; clientId: string; userName: string },
  validationData?: Metadata,
): Promise<void> {
  const event = triggerEvent({
    pool,
    clientId,
    userName,
    triggerSource: 'PreAuthentication_Authentication',
    request: { userAttributes: {}, validationData: validationData ?? null, userNotFound: true },
    response: {},
  })
  await desk.triggers.run(pool, 'PreAuthentication', event)
}

/** Developer Guide: user-pool-lambda-post-authentication. */
export async function runPostAuthentication(
  desk: Desk,
  { pool, user, clientId }: Subject,
  clientMetadata?: Metadata,
): Promise<void> {
  const event = triggerEvent({
    pool,
    clientId,
    userName: user.username,
    triggerSource: 'PostAuthentication_Authentication',
    request: {
      userAttributes: attributesForTriggers(pool, user),
      newDeviceUsed: false,
      ...(clientMetadata && { clientMetadata }),
    },
    response: {},
  })
  await desk.triggers.run(pool, 'PostAuthentication', event)
}
