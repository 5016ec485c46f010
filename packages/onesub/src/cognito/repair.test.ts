import { describe, expect, it } from 'vitest'
import type { Holder } from '../core/claim.ts'
import { confirms, googleArrives, googleConfirmed, signUp, subOf, triggerEvent } from './testing/events.ts'
import { outcome, testPool } from './testing/pool.ts'

const ADA = 'ada@example.com'
const GOOGLE = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: false }])

/** Ada has a user and has come by Google, which is linked to it. */
async function linkedAda(options: Parameters<typeof testPool>[0] = {}) {
  const restored: (readonly [Holder, string])[] = []
  const pool = testPool({
    ...options,
    userPool: { restoreAddress: async (user, address) => void restored.push([user, address]) },
  })
  await pool.handler(signUp('ada', ADA))
  await pool.handler(confirms('ada', ADA))
  await pool.handler(googleArrives())
  const signsIn = async (shown: Readonly<Record<string, string>>, userName = 'ada', sub = subOf(userName)) => {
    const source = 'PostAuthentication_Authentication'
    expect(await outcome(pool.handler(triggerEvent({ source, userName, attributes: { sub, ...shown } })))).toBe(
      'let in',
    )
    return restored.splice(0)
  }
  return { ...pool, signsIn }
}

const asProven = { email: ADA, email_verified: 'true' }
const writtenOver = { email: 'boss@example.com', email_verified: 'false' }
const putBack = [[{ pool: 'eu-west-1_Test1', userName: 'ada' }, ADA]]

describe('T11: after a sign-in', () => {
  it('the address that she has proven is put back over what a provider has written', async () => {
    const { signsIn } = await linkedAda()
    expect(await signsIn({ identities: GOOGLE, ...writtenOver })).toEqual(putBack)
    expect(await signsIn({ identities: GOOGLE, ...asProven, email_verified: 'false' })).toEqual(putBack)
    expect(await signsIn({ identities: GOOGLE })).toEqual(putBack)
  })

  it('Cognito is not asked for anything where it shows what she has proven', async () => {
    const { signsIn } = await linkedAda()
    expect(await signsIn({ identities: GOOGLE, ...asProven })).toEqual([])
  })

  it('a user whom no provider is linked to has written her address herself, and keeps it', async () => {
    const { signsIn } = await linkedAda()
    expect(await signsIn(writtenOver)).toEqual([])
  })

  it('a provider’s own profile shows what the provider says', async () => {
    const { handler, signsIn } = await linkedAda()
    await handler(googleConfirmed())
    expect(await signsIn({ identities: GOOGLE, ...writtenOver }, 'Google_1180', 'sub-of-Google_1180')).toEqual([])
  })

  it('nothing is changed where policy only observes', async () => {
    const { signsIn } = await linkedAda({ policy: { mode: 'observe' } })
    expect(await signsIn({ identities: GOOGLE, ...writtenOver })).toEqual([])
  })
})
