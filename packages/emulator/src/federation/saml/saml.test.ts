import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../index.ts'
import type { OpenPool } from '../../testing/open-pool.ts'
import { poolWith } from '../../testing/other-provider.ts'
import { arrive, authorizeUrl, formFields } from '../../testing/walk.ts'

let emulator: Emulator
let now = Date.parse('2026-03-01T12:00:00Z')
const personas = [
  { id: 'ada', sub: 'Ada.L@Corp', email: 'ada@example.com', groups: ['a', 'b'] },
  { id: 'wide', sub: 'w', email: 'w@example.com', name: '𝒜da' },
  { id: 'commented', sub: 'admin@corp.test<!---->.evil.test' },
]
beforeAll(async () => {
  emulator = await startEmulator({ personas, clock: () => now })
})
afterAll(() => emulator.close())

const samlPool = async (details?: Readonly<Record<string, string>>): Promise<OpenPool> =>
  poolWith(emulator, {
    name: 'Corp',
    type: 'SAML',
    details: details ?? { MetadataURL: `${emulator.endpoint}/simulated-saml/metadata` },
    mapping: { email: 'email', nickname: 'groups' },
  })

const query = { identity_provider: 'Corp' }

/** The form that the provider's page posts back, to be tampered with. */
async function answerOf(pool: OpenPool, persona = 'ada') {
  const toProvider = await fetch(authorizeUrl(pool, { ...query, persona }), { redirect: 'manual' })
  const page = await (await fetch(toProvider.headers.get('location') ?? '')).text()
  const fields = formFields(page)
  return {
    xml: Buffer.from(fields.get('SAMLResponse') ?? '', 'base64').toString(),
    state: fields.get('RelayState') ?? '',
  }
}

async function post(xml: string, RelayState: string) {
  const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState })
  const answer = await fetch(`${emulator.endpoint}/saml2/idpresponse`, { method: 'POST', body, redirect: 'manual' })
  const back = answer.headers.get('location')
  return { status: answer.status, text: await answer.text(), query: back ? new URL(back).searchParams : undefined }
}

const idOf = (xml: string) => /<saml:Assertion ID="(?<id>[^"]+)"/u.exec(xml)?.groups?.id ?? ''

describe('SAML (Developer Guide: cognito-user-pools-saml-idp-things-to-know)', () => {
  it('signs in by a signed assertion; the NameID keeps its case and lists become one text', async () => {
    const pool = await samlPool()
    expect((await arrive(pool, 'ada', query)).searchParams.get('code')).toBeTruthy()
    expect(await pool.user('Corp_Ada.L@Corp')).toMatchObject({ email: 'ada@example.com', nickname: '[a,b]' })
  })

  it('works from a metadata file as well', async () => {
    const MetadataFile = await (await fetch(`${emulator.endpoint}/simulated-saml/metadata`)).text()
    const pool = await samlPool({ MetadataFile })
    expect((await arrive(pool, 'ada', query)).searchParams.get('code')).toBeTruthy()
  })

  it('takes an assertion once, even through another visit', async () => {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    expect((await post(xml, state)).query?.get('code')).toBeTruthy()
    expect((await post(xml, state)).text).toContain('Invalid relayState from identity provider')
    const later = await post(xml, (await answerOf(pool)).state)
    expect(later.query?.get('error_description')).toContain('the assertion answers another request')
  })

  type Tampering = readonly [says: string, change: (xml: string) => string, text: string]
  const forged = (xml: string) => {
    const start = xml.indexOf('<saml:Assertion')
    const assertion = xml.slice(start, xml.indexOf('</saml:Assertion>') + '</saml:Assertion>'.length)
    const evil = assertion.replace(/<ds:Signature.*<\/ds:Signature>/su, '').replace('Ada.L@Corp', 'boss@corp')
    return { assertion, evil: evil.replace(idOf(xml), `_${createHash('md5').update(xml).digest('hex')}`) }
  }
  const signature = 'Invalid SAML response received: Invalid SAML response signature'
  const tamperings: readonly Tampering[] = [
    ['a changed NameID', (xml) => xml.replace('Ada.L@Corp', 'boss@corp'), signature],
    ['a removed signature', (xml) => xml.replace(/<ds:Signature.*<\/ds:Signature>/su, ''), signature],
    [
      'a status other than Success',
      (xml) => xml.replace('status:Success', 'status:Responder'),
      'the status is not Success',
    ],
    ['a document type', (xml) => `<!DOCTYPE a [<!ENTITY e "x">]>${xml}`, 'a document type is not allowed'],
    ['no XML at all', () => 'hello', 'not well-formed XML'],
    ['100,001 characters', (xml) => xml + ' '.repeat(100_001), 'The SAML response exceeds 100,000 characters'],
    [
      'the signed assertion hidden in an extension beside a forged one',
      (xml) => {
        const { assertion, evil } = forged(xml)
        return xml.replace(assertion, `<samlp:Extensions>${assertion}</samlp:Extensions>${evil}`)
      },
      signature,
    ],
  ]
  it.each(tamperings)('refuses %s', async (_, change, text) => {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    const { query: back } = await post(change(xml), state)
    expect(back?.get('error')).toBe('server_error')
    expect(back?.get('error_description')).toMatch(/^Error in SAML response processing: /u)
    expect(back?.get('error_description')).toContain(text)
    expect(emulator.users(pool.UserPoolId)).toEqual([])
  })

  it.each(['before', 'after'])('a forged assertion %s the signed one is never read', async (where) => {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    const { assertion, evil } = forged(xml)
    await post(xml.replace(assertion, where === 'before' ? evil + assertion : assertion + evil), state)
    const names = emulator.users(pool.UserPoolId).map((user) => user.Username)
    expect(names.filter((name) => name !== 'Corp_Ada.L@Corp')).toEqual([])
  })

  it('a comment inside the NameID does not shorten it (CVE-2017-11427)', async () => {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    // Comments are outside of what exclusive canonicalisation signs, so the signature still holds.
    await post(xml.replace('Ada.L@Corp', 'Ada.L<!-- -->@Corp'), state)
    expect(emulator.users(pool.UserPoolId).map((user) => user.Username)).toEqual(['Corp_Ada.L@Corp'])
    await arrive(pool, 'commented', query)
    expect(await pool.user('Corp_admin@corp.test<!---->.evil.test')).toMatchObject({ status: 'EXTERNAL_PROVIDER' })
  })

  it('refuses an assertion of yesterday, one for another pool, and one that another provider signed', async () => {
    const [pool, other] = [await samlPool(), await samlPool()]
    const old = await answerOf(pool)
    now += 10 * 60_000
    expect((await post(old.xml, old.state)).query?.get('error_description')).toContain('too old or not yet valid')
    const elsewhere = await answerOf(other)
    const { state } = await answerOf(pool)
    expect((await post(elsewhere.xml, state)).query?.get('error_description')).toContain('Audience restriction')
    const { selfSigned } = await import('../../tls/certificates.ts')
    const metadata = await (await fetch(`${emulator.endpoint}/simulated-saml/metadata`)).text()
    const stranger = (await selfSigned('x')).certificate.replace(/-----[^-]+-----|\s/gu, '')
    const distrusting = await samlPool({
      MetadataFile: metadata.replace(/(X509Certificate>)[^<]+/u, `$1${stranger}`),
    })
    const good = await answerOf(distrusting)
    expect((await post(good.xml, good.state)).query?.get('error_description')).toContain(signature)
  })

  it('refuses characters of four bytes, and metadata from elsewhere', async () => {
    const wide = await arrive(await samlPool(), 'wide', query)
    expect(wide.searchParams.get('error_description')).toContain('a character of four bytes')
    const elsewhere = await samlPool({ MetadataURL: 'https://elsewhere.test/metadata' })
    expect((await arrive(elsewhere, 'ada', query)).searchParams.get('error_description')).toContain('use MetadataFile')
  })
})
