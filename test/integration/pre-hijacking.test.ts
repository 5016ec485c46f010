import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
  environment.emulator.setPersona({
    id: 'ada',
    sub: '1180',
    email: 'ada@example.com',
    email_verified: true,
    hd: 'example.com',
  })
  environment.emulator.setPersona({ id: 'eve', sub: '66', email: 'eve@gmail.com', email_verified: true })
})
afterAll(() => environment.close())

/** Classes of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022): an account made ready before its victim comes. */
describe('an account with the owner’s address that somebody else has prepared', () => {
  it('T3: opens nothing of the owner’s by the second sign-in method that was attached to it', async () => {
    const pool = await openTestPool(environment)
    await environment.cognito.adminCreateUser({
      UserPoolId: pool.userPoolId,
      Username: 'eve',
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
    })
    await environment.cognito.adminSetUserPassword({
      UserPoolId: pool.userPoolId,
      Username: 'eve',
      Password: PASSWORD,
      Permanent: true,
    })
    const made = await pool.signIn('eve')
    const trojan = tokensOf(await pool.continueWith('Google', 'eve'))
    const offer = await pool.account.offerLink({ accessToken: made.accessToken, additionIdToken: trojan.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.account.acceptLink({ accessToken: made.accessToken, proof: offer.proof, merges: offer.merges })

    const ada = await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))
    expect(await pool.personOf(await pool.signIn('eve'))).not.toBe(ada)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'eve')))).not.toBe(ada)
    expect((await pool.events()).map(({ type }) => type)).toContain('identifier.superseded')
  })

  it('T4: moves no identifier of the owner’s when a change of address is finished after the owner’s recovery', async () => {
    const keepsOriginal = {
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email' as const] },
    }
    const pool = await openTestPool(environment, { settings: keepsOriginal })
    const before = await pool.register('ada', 'ada@example.com')
    const person = await pool.personOf(before)
    await environment.cognito.updateUserAttributes({
      AccessToken: before.accessToken,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.org' }],
    })
    const codeOfChange = environment.emulator.newestCode(pool.userPoolId, 'ada') ?? ''
    await pool.recover('ada', 'Another-Horse-8')
    // T158: the session from before the recovery is over, and what it has begun with it.
    const late = environment.cognito.verifyUserAttribute({
      AccessToken: before.accessToken,
      AttributeName: 'email',
      Code: codeOfChange,
    })
    await expect(late).rejects.toThrow()
    expect(await pool.personOf(await pool.signIn('ada', 'Another-Horse-8'))).toBe(person)
    await expect(pool.signUp('eve', 'ada@example.com')).rejects.toThrow('onesub/IDENTIFIER_TAKEN')
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', 'ada')))).toBe(person)
  })

  it('T6: gets no person, even if the owner is led to confirm it after the own sign-up', async () => {
    const pool = await openTestPool(environment, { policy: { existingAccount: 'enumeration-safe' } })
    await pool.signUp('eve', 'ada@example.com')
    const ada = await pool.register('ada', 'ada@example.com')
    await pool.confirm('eve')
    const theirs = await pool.signIn('eve')
    await expect(pool.verify(theirs.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect(await pool.personOf(await pool.signIn('ada'))).toBe(await pool.personOf(ada))
  })
})
