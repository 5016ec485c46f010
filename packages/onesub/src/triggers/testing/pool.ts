import type { Identity, KnownIdentity } from '../../core/person.ts'
import type { PlaceholderUser, PoolUserFound, UserPool } from '../../core/ports.ts'
import { EMPTY_USER_POOL } from '../../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../../registry/memory/index.ts'
import { createTriggerHandler } from '../every-trigger.ts'
import type { Report } from '../report.ts'
import type { TriggerOptions } from '../settings.ts'
import { CLIENT_ID, POOL_ID, subOf } from './events.ts'

type TestOptions = Partial<Omit<TriggerOptions, 'userPool'>> & {
  readonly userPool?: Partial<UserPool>
  /** @default createTriggerHandler */
  readonly create?: typeof createTriggerHandler
}

/** Triggers over the memory registry, with a pool that only remembers what it was asked to link. */
export function testPool(options: TestOptions = {}) {
  const registry = createMemoryRegistry()
  const reports: Report[] = []
  const links: { identity: Identity; primaryUser: KnownIdentity }[] = []
  const neverMade = new Set<string>()
  const clock = { now: Date.UTC(2026, 0, 1) }
  const placeholders: PlaceholderUser[] = []
  const userPool: UserPool = {
    ...EMPTY_USER_POOL,
    async link(identity, primaryUser) {
      links.push({ identity, primaryUser })
      return 'linked'
    },
    async find({ userName }) {
      return neverMade.has(userName) ? undefined : poolUser(userName)
    },
    async createPlaceholderUser(placeholder) {
      placeholders.push(placeholder)
      return { userName: placeholder.person, sub: subOf(placeholder.person) }
    },
    findPlaceholderUser: async ({ userName }) => ({ userName, sub: subOf(userName) }),
    ...options.userPool,
  }
  // Cognito makes a user once the trigger has answered.
  let beingMade: string | undefined
  const find: UserPool['find'] = async (user) => (user.userName === beingMade ? undefined : userPool.find(user))
  const { policy, userPool: _merged, create = createTriggerHandler, ...rest } = options
  const triggers = create({
    userPoolId: POOL_ID,
    clientIds: [CLIENT_ID],
    registry,
    userPool: { ...userPool, find },
    policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } }, ...policy },
    report: (report) => reports.push(report),
    time: { now: () => clock.now, after: () => () => {} },
    ...rest,
  })
  const handler: typeof triggers = async (event, context) => {
    const { triggerSource, userName } = Object(event)
    beingMade = triggerSource === 'PreSignUp_AdminCreateUser' ? userName : undefined
    return triggers(event, context)
  }
  const personOf = (userName: string) =>
    registry.resolve({ pool: POOL_ID, provider: 'Cognito', subject: subOf(userName) })
  const events = async () => (await registry.told()).map(({ event }) => event)
  return { handler, registry, reports, links, placeholders, neverMade, clock, personOf, events }
}

/** A user as the pool has it: Ada's, unless something else is said. */
export function poolUser(userName: string, of: Partial<PoolUserFound> = {}): PoolUserFound {
  const sub = subOf(userName)
  return {
    userName,
    sub,
    status: 'CONFIRMED',
    email: 'ada@example.com',
    phone: undefined,
    phoneVerified: false,
    hasMfa: false,
    emailVerified: true,
    created: 0,
    links: [],
    attributes: {},
    ...of,
  }
}

/** The code in a refusal, or what else came. */
export async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'let in'
  } catch (error) {
    return error instanceof Error ? (/^onesub\/([A-Z_]+): /.exec(error.message)?.[1] ?? error.message) : String(error)
  }
}
