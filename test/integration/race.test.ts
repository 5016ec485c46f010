import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { type Emulator, startEmulator } from '@onesub/emulator'
import { openSqliteRegistry } from 'onesub/registry/sqlite'
import { createTriggerHandler } from 'onesub/triggers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const RACERS = 64
const ROUNDS = 50
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:onesub'

/** T85 end to end: the AWS SDK over HTTP, Cognito's own order of steps, our trigger, a real store. */
describe('a race for one address', () => {
  let emulator: Emulator
  let cognito: CognitoIdentityProvider
  let userPoolId: string
  let clientId: string
  const registry = openSqliteRegistry({ path: ':memory:', pepper: null })

  beforeAll(async () => {
    emulator = await startEmulator()
    cognito = new CognitoIdentityProvider({
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    const pool = await cognito.createUserPool({
      PoolName: 'race',
      LambdaConfig: { PreSignUp: ARN, PostConfirmation: ARN },
    })
    userPoolId = pool.UserPool?.Id ?? ''
    const client = await cognito.createUserPoolClient({ UserPoolId: userPoolId, ClientName: 'web' })
    clientId = client.UserPoolClient?.ClientId ?? ''
    emulator.setTrigger(ARN, createTriggerHandler({ userPoolId, clientIds: [clientId], registry, report: () => {} }))
  })

  afterAll(async () => {
    cognito.destroy()
    await emulator.close()
    registry.close()
  })

  it(`T85: of ${RACERS} simultaneous sign-ups exactly one gets in, ${ROUNDS} times over`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const racers = Array.from({ length: RACERS }, (_, racer) => `round-${round}-racer-${racer}`)
      const outcomes = await Promise.all(racers.map((name, racer) => signUp(name, spelling(round, racer))))
      const winners = racers.filter((_, racer) => outcomes[racer] === 'let in')
      expect(winners).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'onesub/SIGN_UP_UNFINISHED')).toHaveLength(RACERS - 1)
      expect(await personsAmong(winners)).toHaveLength(1)
    }
    const { Users = [] } = await cognito.listUsers({ UserPoolId: userPoolId })
    expect(Users).toHaveLength(ROUNDS)
  })

  /** One address a round, in as many letters as it has spellings. */
  const spelling = (round: number, racer: number) =>
    [...`ada.${round}@example.com`]
      .map((letter, at) => ((racer >> (at % 6)) & 1 ? letter.toUpperCase() : letter))
      .join('')

  async function signUp(userName: string, email: string): Promise<string> {
    try {
      const UserAttributes = [{ Name: 'email', Value: email }]
      await cognito.signUp({ ClientId: clientId, Username: userName, Password: 'Correct-Horse-9', UserAttributes })
      return 'let in'
    } catch (error) {
      return error instanceof Error ? (/onesub\/[A-Z_]+/.exec(error.message)?.[0] ?? error.name) : String(error)
    }
  }

  async function personsAmong(userNames: readonly string[]): Promise<string[]> {
    const persons = new Set<string>()
    for (const Username of userNames) {
      await cognito.adminConfirmSignUp({ UserPoolId: userPoolId, Username })
      const { UserAttributes } = await cognito.adminGetUser({ UserPoolId: userPoolId, Username })
      const subject = UserAttributes?.find(({ Name }) => Name === 'sub')?.Value ?? ''
      persons.add((await registry.resolve({ pool: userPoolId, provider: 'Cognito', subject })) ?? 'nobody')
    }
    return [...persons].filter((person) => person !== 'nobody')
  }
})
