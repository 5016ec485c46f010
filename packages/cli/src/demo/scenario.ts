import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { openSqliteRegistry } from 'onesub/registry/sqlite'
import { createTriggerHandler } from 'onesub/triggers'
import { createUserPoolAdapter } from 'onesub/user-pool'
import { GOOGLE_ADA, type SignIn, signInFourTimes } from './four-sign-ins.ts'
import { listUsersCheck } from './list-users-check.ts'
import { createPool, type DemoPool, given } from './pool.ts'

/** A pool, and how its application tells who somebody is. */
interface Environment {
  readonly title: string
  readonly pool: DemoPool
  /** What the application keys its data by. */
  personOf(sub: string): Promise<string>
}

interface DirectoryUser {
  readonly userName: string
  readonly email: string
  readonly status: string
  readonly person: string
}

/** What exists after the sign-ins: read from the pool and the registry. */
export interface Outcome {
  readonly title: string
  readonly entries: readonly SignIn[]
  readonly directory: readonly DirectoryUser[]
  readonly signedInAs: readonly string[]
}

export interface Scenario {
  readonly endpoint: string
  readonly registryPath: string
  readonly alone: Environment
  readonly withOnesub: Environment
  signInByAll(environment: Environment): Promise<Outcome>
  close(): Promise<void>
}

/**
 * A function call on AWS takes tens of milliseconds, there and back, where ours takes one. Both handlers get the same twenty,
 * so that clicks that are simultaneous there are simultaneous here.
 */
const ONE_WAY_MS = 10

function asLambda<Event>(handler: (event: Event) => Promise<Event>) {
  return async (event: Event): Promise<Event> => {
    await setTimeout(ONE_WAY_MS)
    const answer = await handler(event)
    await setTimeout(ONE_WAY_MS)
    return answer
  }
}

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

/** A local Cognito with a simulated Google, and two pools: one with the usual check, one with onesub over SQLite. */
export async function openScenario(port: number): Promise<Scenario> {
  const emulator = await startEmulator({ port, personas: [GOOGLE_ADA] })
  const { endpoint } = emulator
  const cognito = new CognitoIdentityProvider({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const folder = await mkdtemp(join(tmpdir(), 'onesub-demo-'))
  const registryPath = join(folder, 'registry.sqlite')
  const registry = openSqliteRegistry({ path: registryPath, pepper: 'only-for-this-demonstration' })
  const alone = await cognitoAlone(emulator, cognito)
  const withOnesub = await cognitoWithOnesub(emulator, cognito, registry)
  return {
    endpoint,
    registryPath,
    alone,
    withOnesub,
    signInByAll: (environment) => signInByAll(environment, emulator),
    async close() {
      cognito.destroy()
      await emulator.close()
      registry.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function cognitoAlone(emulator: Emulator, cognito: CognitoIdentityProvider): Promise<Environment> {
  const pool = await createPool(cognito, emulator.endpoint, 'alone', arn('list-users-check'))
  emulator.setTrigger(arn('list-users-check'), asLambda(listUsersCheck(cognito)))
  return { title: 'Cognito alone, with the usual ListUsers check', pool, personOf: async (sub) => sub }
}

async function cognitoWithOnesub(
  emulator: Emulator,
  cognito: CognitoIdentityProvider,
  registry: ReturnType<typeof openSqliteRegistry>,
): Promise<Environment> {
  const pool = await createPool(cognito, emulator.endpoint, 'with-onesub', arn('onesub'))
  const triggers = createTriggerHandler({
    userPoolId: pool.userPoolId,
    clientIds: [pool.clientId],
    registry,
    userPool: createUserPoolAdapter(cognito),
    policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
    report: () => {},
  })
  emulator.setTrigger(arn('onesub'), asLambda(triggers))
  const personOf = async (sub: string) =>
    (await registry.resolve({ pool: pool.userPoolId, provider: 'Cognito', subject: sub })) ?? 'nobody'
  return { title: 'Cognito with onesub', pool, personOf }
}

async function signInByAll(environment: Environment, emulator: Emulator): Promise<Outcome> {
  const { pool, personOf, title } = environment
  const mailbox = (userName: string) => emulator.newestCode(pool.userPoolId, userName)
  const entries = await signInFourTimes({ pool, mailbox })
  return {
    title,
    entries,
    directory: await directoryOf(environment),
    signedInAs: await Promise.all(entries.map(({ sub }) => personOf(sub))),
  }
}

async function directoryOf({ pool, personOf }: Environment): Promise<readonly DirectoryUser[]> {
  const { Users = [] } = await pool.cognito.listUsers({ UserPoolId: pool.userPoolId })
  return Promise.all(
    Users.map(async (user) => {
      const attribute = (name: string) => user.Attributes?.find(({ Name }) => Name === name)?.Value
      return {
        userName: given(user.Username),
        email: attribute('email') ?? '',
        status: given(user.UserStatus),
        person: await personOf(given(attribute('sub'))),
      }
    }),
  )
}
