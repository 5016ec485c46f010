import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownerByGoogle } from '../world/people.ts'
import { KEEPS } from '../world/pools.ts'
import {
  type Desk,
  openDesk,
  openWorld,
  PASSWORD,
  type PoolSettings,
  type World,
  type WorldOptions,
} from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const ADA = 'ada@example.com'
const PASSWORDLESS: PoolSettings = {
  ...KEEPS,
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
}

function open(options: WorldOptions = {}): Promise<World> {
  return openWorld(desk, { settings: PASSWORDLESS, inbound: true, ...options })
}

/** With the code that was mailed, and no password. */
async function signInByCode({ clientId, userPoolId, personOf }: World, USERNAME: string) {
  const asked = await desk.cognito.initiateAuth({
    AuthFlow: 'USER_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
  })
  const { AuthenticationResult } = await desk.cognito.respondToAuthChallenge({
    ClientId: clientId,
    ChallengeName: 'EMAIL_OTP',
    Session: asked.Session,
    ChallengeResponses: { USERNAME, EMAIL_OTP_CODE: desk.emulator.newestCode(userPoolId, USERNAME) ?? '' },
  })
  return personOf({ accessToken: AuthenticationResult?.AccessToken ?? '' })
}

function signUpWithoutPassword({ clientId }: World, Username: string, email: string) {
  return desk.cognito.signUp({ ClientId: clientId, Username, UserAttributes: [{ Name: 'email', Value: email }] })
}

/** The application's own handler: a proof of its own, a signed link, say, confirms. */
const byOwnProof = confirming({ autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: false })

function confirming(response: Readonly<Record<string, boolean>>) {
  return (event: Readonly<Record<string, unknown>>) =>
    event.triggerSource === 'PreSignUp_SignUp' ? { ...event, response } : event
}

describe('T180: sign-up without a password', () => {
  it('T180: by the code of the sign-up the address is owned, and who comes by its provider is the same person', async () => {
    const world = await open()
    await signUpWithoutPassword(world, 'ada', ADA)
    await world.confirm('ada')
    const ada = await signInByCode(world, 'ada')
    expect(ada).toMatch(/^[0-9a-f-]{36}$/)
    expect(await ownerByGoogle(desk, world, ADA)).toBe(ada)
    expect(await signInByCode(world, 'ada')).toBe(ada)
  })

  it('T180: an application’s own proof confirms where policy says so', async () => {
    const world = await open({ policy: { signUpProof: 'application' }, ownHandler: byOwnProof })
    await signUpWithoutPassword(world, 'ada', ADA)
    const ada = await signInByCode(world, 'ada')
    await expect(signUpWithoutPassword(world, 'eve', ADA)).rejects.toThrow('IDENTIFIER_TAKEN')
    expect(await ownerByGoogle(desk, world, ADA)).toBe(ada)
  })

  it('T180: a confirmation without its address owns nothing', async () => {
    const world = await open({
      policy: { signUpProof: 'application' },
      ownHandler: confirming({ autoConfirmUser: true }),
    })
    await world.signUp('eve', ADA)
    const eve = await world.personOf(await world.signIn('eve', PASSWORD))
    expect(await ownerByGoogle(desk, world, ADA)).not.toBe(eve)
  })

  it('T180: and nowhere else', async () => {
    const world = await open({ ownHandler: byOwnProof })
    await expect(signUpWithoutPassword(world, 'eve', ADA)).rejects.toThrow('AUTO_VERIFY_FORBIDDEN')
  })
})

describe('T180: made by an administrator without a password', () => {
  const make = (world: World, more: Readonly<Record<string, string>> = {}) =>
    desk.cognito.adminCreateUser({
      UserPoolId: world.userPoolId,
      Username: 'ada',
      MessageAction: 'SUPPRESS',
      UserAttributes: Object.entries({ email: ADA, email_verified: 'true', ...more }).map(([Name, Value]) => ({
        Name,
        Value,
      })),
    })

  it('T180: the first code sign-in proves the address where policy says that there is no other', async () => {
    const world = await open({ policy: { invitations: 'code' } })
    await make(world)
    const ada = await signInByCode(world, 'ada')
    expect(await ownerByGoogle(desk, world, ADA)).toBe(ada)
  })

  it.each(['unknown', 'generated'] as const)('T180: and nothing where it says “%s”', async (invitations) => {
    const world = await open({ policy: { invitations } })
    await make(world)
    const ada = await signInByCode(world, 'ada')
    expect(await ownerByGoogle(desk, world, ADA)).not.toBe(ada)
  })

  it('T180: nor where the code may have gone to a number', async () => {
    const world = await open({ policy: { invitations: 'code' } })
    await make(world, { phone_number: '+4915112345678', phone_number_verified: 'true' })
    const ada = await signInByCode(world, 'ada')
    expect(await ownerByGoogle(desk, world, ADA)).not.toBe(ada)
  })

  it('T180: nor for another address than the one that was given', async () => {
    const world = await open({ policy: { invitations: 'code' } })
    await make(world)
    const UserAttributes = Object.entries({ email: 'other@example.com', email_verified: 'true' })
    await desk.cognito.adminUpdateUserAttributes({
      UserPoolId: world.userPoolId,
      Username: 'ada',
      UserAttributes: UserAttributes.map(([Name, Value]) => ({ Name, Value })),
    })
    const ada = await signInByCode(world, 'ada')
    expect(await ownerByGoogle(desk, world, 'other@example.com')).not.toBe(ada)
  })
})
