import { get } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRecords, type RecordStore } from '../../examples/records-app/api/records.ts'
import { recordsApi } from '../../examples/records-app/api/records-api.ts'
import { openStage } from '../../examples/records-app/stage/stage.ts'
import { codeOf } from '../environment/people.ts'
import {
  openTestEnvironment,
  openTestPool,
  type TestEnvironment,
  type TestPool,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

const DEADLIFT = { exercise: 'Deadlift', amount: 102.5, unit: 'kg', day: '2026-05-31' }

describe('the API of the records app', () => {
  let environment: TestEnvironment
  let pool: TestPool
  let records: RecordStore
  let api: ReturnType<typeof recordsApi>
  beforeAll(async () => {
    environment = await openTestEnvironment()
    environment.emulator.setPersona({ id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true })
  })
  afterAll(() => environment.close())
  beforeEach(async () => {
    pool = await openTestPool(environment)
    records = openRecords(':memory:')
    const { verify, account } = pool
    api = recordsApi({ verify, account, records })
  })

  async function ask(method: string, path: string, tokens: Tokens | undefined, body?: object) {
    const answer = await api.request(path, {
      method,
      headers: { ...(tokens && { authorization: `Bearer ${tokens.accessToken}` }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
  }

  it('shows each user their own records, and nobody else’s', async () => {
    const ada = await pool.register('ada', 'ada@example.com')
    const eve = await pool.register('eve', 'eve@example.com')
    const { body: added } = await ask('POST', '/records', ada, DEADLIFT)
    expect((await ask('GET', '/records', eve)).body).toEqual({ records: [] })
    expect((await ask('DELETE', `/records/${added.id}`, eve)).status).toBe(404)
    expect((await ask('GET', '/records', ada)).body).toEqual({ records: [{ id: added.id, ...DEADLIFT }] })
    expect((await ask('DELETE', `/records/${added.id}`, ada)).status).toBe(204)
    expect((await ask('GET', '/records', ada)).body).toEqual({ records: [] })
  })

  it.each([
    ['GET', '/records'],
    ['POST', '/records'],
    ['DELETE', '/records/1'],
    ['GET', '/account'],
    ['POST', '/account/offers'],
    ['POST', '/account/links'],
    ['POST', '/account/unlink'],
    ['POST', '/account/start-separate-person'],
    ['POST', '/account/address'],
    ['POST', '/account/address/confirm'],
  ])('%s %s answers 401 without a token, and gives no other origin leave to read it', async (method, path) => {
    const { status, headers, body } = await ask(method, path, undefined, method === 'GET' ? undefined : {})
    expect([status, body.error.code]).toEqual([401, 'TOKEN_INVALID'])
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    {},
    { ...DEADLIFT, amount: -1 },
    { ...DEADLIFT, amount: '102.5' },
    { ...DEADLIFT, unit: 'stone' },
    { ...DEADLIFT, exercise: ' ' },
    { ...DEADLIFT, exercise: 'x'.repeat(81) },
    { ...DEADLIFT, day: 'yesterday' },
  ])('takes no record such as %j', async (record) => {
    const ada = await pool.register('ada', 'ada@example.com')
    expect((await ask('POST', '/records', ada, record)).status).toBe(400)
  })

  it('moves the records of the account that was joined, and says so only after the registry does', async () => {
    const ada = await pool.register('ada', 'ada@example.com')
    const google = tokensOf(await pool.continueWith('Google', 'work'))
    await ask('POST', '/records', google, DEADLIFT)
    const { body: offer } = await ask('POST', '/account/offers', ada, { idToken: google.idToken })
    expect(offer).toMatchObject({ providers: ['Google'], label: 'ada@gmail.com', records: 1 })
    expect((await ask('GET', '/records', ada)).body.records).toEqual([])
    const accepted = await ask('POST', '/account/links', ada, { proof: offer.proof, merges: offer.merges })
    expect(accepted).toMatchObject({ status: 200, body: { person: await pool.personOf(ada) } })
    expect((await ask('GET', '/records', ada)).body.records).toHaveLength(1)
    // A double click is one link.
    expect((await ask('POST', '/account/links', ada, { proof: offer.proof, merges: offer.merges })).status).toBe(200)
  })

  it('T8: takes nobody’s records by an id that a page sends', async () => {
    const mallory = await pool.register('mallory', 'mallory@example.com')
    const ada = await pool.register('ada', 'ada@example.com')
    await ask('POST', '/records', ada, DEADLIFT)
    const google = tokensOf(await pool.continueWith('Google', 'work'))
    const { body: offer } = await ask('POST', '/account/offers', mallory, { idToken: google.idToken })
    const victim = await pool.personOf(ada)
    const forged = await ask('POST', '/account/links', mallory, { proof: offer.proof, merges: victim })
    expect(forged).toMatchObject({ status: 409, body: { error: { code: 'LINK_NEEDS_MERGE' } } })
    await ask('POST', '/account/links', mallory, { proof: offer.proof, merges: offer.merges })
    // The offer is spent, and would answer as the first time: the id beside it must still count for nothing.
    expect((await ask('POST', '/account/links', mallory, { proof: offer.proof, merges: victim })).status).toBe(409)
    expect((await ask('GET', '/records', mallory)).body.records).toEqual([])
    expect((await ask('GET', '/records', ada)).body.records).toHaveLength(1)
  })

  it('sets the new address once the code from its mailbox is entered, and the person stays the same', async () => {
    const ada = await pool.register('ada', 'ada@example.com')
    const person = await pool.personOf(ada)
    const { body: asked } = await ask('POST', '/account/address', ada, { address: 'ada@new.example' })
    const confirm = (code: string) => ask('POST', '/account/address/confirm', ada, { proof: asked.proof, code })
    expect(await confirm('000000')).toMatchObject({ status: 409, body: { error: { code: 'CODE_INVALID' } } })
    const code = codeOf(environment, pool, 'ada', 'ada@new.example')
    expect(await confirm(code)).toMatchObject({ status: 200, body: { person } })
    expect(await ask('POST', '/account/address', ada, { address: 'nonsense' })).toMatchObject({
      status: 409,
      body: { error: { code: 'IDENTIFIER_INVALID' } },
    })
  })

  it('tells refusals by their code', async () => {
    const ada = await pool.register('ada', 'ada@example.com')
    const unknown = await ask('POST', '/account/unlink', ada, { provider: 'Google', subject: '1' })
    expect(unknown).toMatchObject({ status: 409, body: { error: { code: 'LINK_UNKNOWN' } } })
  })
})

describe('the pages of the records app', () => {
  it('allow no script but their own, no frame but the stage’s, and no other host name', async () => {
    const stage = await openStage(0)
    const page = await fetch(stage.panes.onesub)
    const rebound = await statusUnder('evil.example', stage.panes.onesub)
    await stage.close()
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain(`frame-ancestors ${stage.origin}`)
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(rebound).toBe(421)
  })
  /** A page that rebinds its own name to this machine still sends that name. */
  function statusUnder(host: string, url: string): Promise<number | undefined> {
    return new Promise((done, fail) => {
      get(url, { headers: { host } }, (response) => done(response.resume().statusCode)).on('error', fail)
    })
  }
})
