import { describe, expect, it } from 'vitest'
import type { Holder } from '../core/identifiers/ownership.ts'
import { change } from '../core/testing/rows.ts'
import { emailKey, personId } from '../core/testing/samples.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
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

/** A later sign-in by Google, as InboundFederation sees it. */
const googleSays = (email: string) => ({
  ...googleArrives(),
  triggerSource: 'InboundFederation_ExternalProvider',
  request: {
    providerName: 'Google',
    attributes: { idToken: { sub: '1180', email, email_verified: true, hd: 'example.com' }, userInfo: {} },
  },
})

const asProven = { email: ADA, email_verified: 'true' }
const writtenOver = { email: 'boss@example.com', email_verified: 'false' }
const putBack = [[{ pool: 'eu-west-1_Test1', userName: 'ada' }, ADA]]

describe('T11: after a sign-in', () => {
  it('the proven address is put back over what a provider has said', async () => {
    const { handler, signsIn } = await linkedAda()
    expect(await signsIn({ identities: GOOGLE, ...asProven, email_verified: 'false' })).toEqual(putBack)
    await handler(googleSays('boss@example.com'))
    expect(await signsIn({ identities: GOOGLE, ...writtenOver })).toEqual(putBack)
  })

  it('nothing is written to a profile, which shows what its provider says', async () => {
    const restored: string[] = []
    const { handler } = testPool({
      policy: { federatedSignUp: 'profile-only' },
      userPool: { restoreAddress: async (_, address) => void restored.push(address) },
    })
    await handler(googleArrives())
    await handler(googleConfirmed())
    await handler(googleSays('boss@example.com'))
    const identities = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: true }])
    const userName = 'Google_1180'
    const attributes = { sub: subOf(userName), 'cognito:user_status': 'EXTERNAL_PROVIDER', identities, ...writtenOver }
    await handler(triggerEvent({ source: 'PostAuthentication_Authentication', userName, attributes }))
    expect(restored).toEqual([])
  })

  it('T151: what no provider is known to have said is the user’s own wish, and stays', async () => {
    const { handler, signsIn } = await linkedAda()
    const changed = { identities: GOOGLE, email: 'new@example.com', email_verified: 'true' }
    expect(await signsIn(changed)).toEqual([])
    expect(await signsIn({ identities: GOOGLE })).toEqual([])
    await handler(googleSays('boss@example.com'))
    expect(await signsIn(changed)).toEqual([])
  })

  it('an address that cannot be put back keeps nobody out, and takes no token its person', async () => {
    const registry = createMemoryRegistry()
    const before = await linkedAda({ registry })
    await before.handler(googleSays('boss@example.com'))
    const owner = await registry.resolve({ pool: 'eu-west-1_Test1', provider: 'Cognito', subject: subOf('ada') })
    const { handler, reports } = testPool({
      registry,
      userPool: { restoreAddress: () => Promise.reject(new Error('no')) },
    })
    const attributes = { sub: subOf('ada'), identities: GOOGLE, ...writtenOver }
    const comes = (source: string) => handler(triggerEvent({ source, userName: 'ada', attributes }))
    expect(await outcome(comes('PostAuthentication_Authentication'))).toBe('let in')
    expect(await outcome(comes('PostConfirmation_ConfirmSignUp'))).toBe('let in')
    expect(await comes('TokenGeneration_HostedAuth')).toMatchObject({
      response: { claimsOverrideDetails: { claimsToAddOrOverride: { person_id: owner } } },
    })
    expect(reports.filter(({ detail }) => detail === 'Error').length).toBeGreaterThan(0)
  })

  it('T183: an address that becomes somebody else’s while it is looked at is not written', async () => {
    const registry = createMemoryRegistry()
    const { handler } = await linkedAda({ registry })
    await handler(googleSays('boss@example.com'))
    const identifier = emailKey(ADA)
    const [fact] = (await registry.facts({ identity: undefined, identifiers: [identifier] })).identifiers
    const ownership = fact?.ownership
    if (!ownership) throw new Error('nobody owns it')
    let looks = 0
    const restored: string[] = []
    const meanwhile = testPool({
      registry: {
        ...registry,
        async facts(query) {
          const facts = await registry.facts(query)
          looks += 1
          const { revision: expectedRevision, opId: _, ...before } = ownership
          const write = {
            row: 'ownership',
            identifier,
            expectedRevision,
            ownership: { ...before, person: personId(7) },
            events: [],
          } as const
          if (looks === 1) await registry.commit(change(write))
          return facts
        },
      },
      userPool: { restoreAddress: async (_, address) => void restored.push(address) },
    })
    const event = triggerEvent({
      source: 'PostAuthentication_Authentication',
      userName: 'ada',
      attributes: { sub: subOf('ada'), identities: GOOGLE, ...writtenOver },
    })
    await meanwhile.handler(event)
    expect(looks).toBeGreaterThan(1)
    expect(restored).toEqual([])
  })

  it('Cognito is not asked for anything where the user shows the proven address', async () => {
    const { signsIn } = await linkedAda()
    expect(await signsIn({ identities: GOOGLE, ...asProven })).toEqual([])
  })

  it('a user without a linked provider wrote the address on the user themselves, and keeps it', async () => {
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
