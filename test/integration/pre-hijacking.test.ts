import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, letIn, openDesk, openWorld, PASSWORD } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  desk.emulator.setPersona({
    id: 'ada',
    sub: '1180',
    email: 'ada@example.com',
    email_verified: true,
    hd: 'example.com',
  })
  desk.emulator.setPersona({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
})
afterAll(() => desk.close())

/** Classes of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022): an account made ready before its victim comes. */
describe('an account with her address that somebody else has made ready', () => {
  it('T3: opens nothing of hers by the second way in that was attached to it', async () => {
    const world = await openWorld(desk)
    await desk.cognito.adminCreateUser({
      UserPoolId: world.userPoolId,
      Username: 'eve',
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
    })
    await desk.cognito.adminSetUserPassword({
      UserPoolId: world.userPoolId,
      Username: 'eve',
      Password: PASSWORD,
      Permanent: true,
    })
    const made = await world.signIn('eve')
    const trojan = letIn(await world.continueWith('Google', 'eve'))
    const offer = await world.account.offerLink({ accessToken: made.accessToken, additionIdToken: trojan.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await world.account.acceptLink({ accessToken: made.accessToken, proof: offer.proof, merges: offer.merges })

    const ada = await world.personOf(letIn(await world.continueWith('Google', 'ada')))
    expect(await world.personOf(await world.signIn('eve'))).not.toBe(ada)
    expect(await world.personOf(letIn(await world.continueWith('Google', 'eve')))).not.toBe(ada)
    expect((await world.events()).map(({ type }) => type)).toContain('identifier.superseded')
  })

  it('T4: moves no key of hers when a change of address is finished after she has recovered it', async () => {
    const keepsOriginal = {
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email' as const] },
    }
    const world = await openWorld(desk, { settings: keepsOriginal })
    const before = await world.register('ada', 'ada@example.com')
    const person = await world.personOf(before)
    await desk.cognito.updateUserAttributes({
      AccessToken: before.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.org' }],
    })
    const codeOfChange = desk.emulator.newestCode(world.userPoolId, 'ada') ?? ''
    await world.recover('ada', 'Another-Horse-8')
    // T158: the session from before the recovery is over, and what it has begun with it.
    const late = desk.cognito.verifyUserAttribute({
      AccessToken: before.accessToken,
      AttributeName: 'email',
      Code: codeOfChange,
    })
    await expect(late).rejects.toThrow()
    expect(await world.personOf(await world.signIn('ada', 'Another-Horse-8'))).toBe(person)
    await expect(world.signUp('eve', 'ada@example.com')).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
    expect(await world.personOf(letIn(await world.continueWith('Google', 'ada')))).toBe(person)
  })

  it('T6: is nobody’s, even if she is led to confirm it after her own', async () => {
    const world = await openWorld(desk, { policy: { existingAccount: 'enumeration-safe' } })
    await world.signUp('eve', 'ada@example.com')
    const ada = await world.register('ada', 'ada@example.com')
    await world.confirm('eve')
    const theirs = await world.signIn('eve')
    await expect(world.verify(theirs.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect(await world.personOf(await world.signIn('ada'))).toBe(await world.personOf(ada))
  })
})
