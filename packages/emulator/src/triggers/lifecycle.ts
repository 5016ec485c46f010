import type { JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { TriggersContext } from './context.ts'
import { attributesForTriggers, type ConfirmationSource, type TriggerSource, triggerEvent } from './trigger-event.ts'

type Metadata = Readonly<Record<string, string>> | undefined

interface Subject {
  readonly pool: Pool
  readonly user: User
  readonly clientId: string | undefined
}

interface Occasion {
  readonly slot: 'PostConfirmation' | 'PreAuthentication' | 'PostAuthentication'
  readonly triggerSource: TriggerSource
  readonly request: JsonRecord
}

/** Runs a trigger whose answer is not read; it can only throw. */
async function ask(
  context: TriggersContext,
  {
    pool,
    clientId,
    userName,
  }: { readonly pool: Pool; readonly clientId: string | undefined; readonly userName: string },
  { slot, triggerSource, request }: Occasion,
): Promise<void> {
  const event = triggerEvent({ pool, clientId, userName, triggerSource, request, response: {} })
  await context.triggers.run(pool, slot, event)
}

const named = ({ pool, user, clientId }: Subject) => ({ pool, clientId, userName: user.username })

/** Developer Guide: user-pool-lambda-post-confirmation. An error does not undo the confirmation. */
export async function runPostConfirmation(
  context: TriggersContext,
  subject: Subject,
  source: ConfirmationSource,
  clientMetadata?: Metadata,
): Promise<void> {
  const userAttributes = attributesForTriggers(subject.pool, subject.user)
  await ask(context, named(subject), {
    slot: 'PostConfirmation',
    triggerSource: `PostConfirmation_${source}`,
    request: { userAttributes, ...(clientMetadata && { clientMetadata }) },
  })
}

/** Developer Guide: user-pool-lambda-pre-authentication. */
export async function runPreAuthentication(
  context: TriggersContext,
  subject: Subject,
  validationData?: Metadata,
): Promise<void> {
  const userAttributes = attributesForTriggers(subject.pool, subject.user)
  await ask(context, named(subject), {
    slot: 'PreAuthentication',
    triggerSource: 'PreAuthentication_Authentication',
    request: { userAttributes, validationData: validationData ?? null },
  })
}

/** Runs for an unknown user only where the client hides who exists (…-managing-errors). */
export async function runPreAuthenticationForUnknownUser(
  context: TriggersContext,
  unknownUser: { pool: Pool; clientId: string; userName: string },
  validationData?: Metadata,
): Promise<void> {
  await ask(context, unknownUser, {
    slot: 'PreAuthentication',
    triggerSource: 'PreAuthentication_Authentication',
    request: { userAttributes: {}, validationData: validationData ?? null, userNotFound: true },
  })
}

/** Developer Guide: user-pool-lambda-post-authentication. */
export async function runPostAuthentication(
  context: TriggersContext,
  subject: Subject,
  clientMetadata?: Metadata,
): Promise<void> {
  const userAttributes = attributesForTriggers(subject.pool, subject.user)
  await ask(context, named(subject), {
    slot: 'PostAuthentication',
    triggerSource: 'PostAuthentication_Authentication',
    request: { userAttributes, newDeviceUsed: false, ...(clientMetadata && { clientMetadata }) },
  })
}
