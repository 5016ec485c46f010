import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Service } from './endpoint.ts'
import { type Credentials, credentialsInEnvironment, signedHeaders } from './signature.ts'

/** The hash that the SDK's signer asks to be given. */
class Sha256 {
  readonly #hash
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest())
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

/** What the AWS SDK's own signer says of the same headers, body and moment. */
async function bySdk(service: Service, region: string, headers: object, body: string, credentials: Credentials) {
  const { Authorization: _, ...unsigned } = { Authorization: '', ...headers }
  const lower = Object.fromEntries(Object.entries(unsigned).map(([name, value]) => [name.toLowerCase(), String(value)]))
  const date = String(lower['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')
  const signer = new SignatureV4({ service: service.name, region, credentials, sha256: Sha256, applyChecksum: false })
  const request = { method: 'POST', protocol: 'https:', hostname: lower.host ?? '', path: '/', query: {} }
  const signed = await signer.sign({ ...request, headers: lower, body }, { signingDate: new Date(date) })
  return signed.headers.authorization
}

const service = (name: string): Service => ({
  name,
  target: 'Target_20120810',
  contentType: 'application/x-amz-json-1.0',
  endpointVariable: '',
  timeoutMs: 1,
})

describe('a signature', () => {
  it('is the one that the AWS SDK makes, whatever is signed', async () => {
    const word = fc.stringMatching(/^[\w/+=-]{1,60}$/)
    const text = fc.string({ unit: 'binary', maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('dynamodb', 'cognito-idp'),
        fc.constantFrom('eu-west-1', 'us-gov-east-1', 'cn-north-1'),
        fc.constantFrom('https://dynamodb.eu-west-1.amazonaws.com', 'http://127.0.0.1:8000', 'https://[::1]:8443'),
        fc.tuple(word, word, fc.option(word, { nil: undefined })),
        text,
        async (name, region, url, [accessKeyId, secretAccessKey, sessionToken], said) => {
          const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
          const body = JSON.stringify({ said })
          const headers = signedHeaders(service(name), { region, url: new URL(url) }, 'PutItem', body, credentials)
          expect(headers.Authorization).toBe(await bySdk(service(name), region, headers, body, credentials))
          expect(headers['X-Amz-Security-Token']).toBe(sessionToken)
          expect(headers['Content-Length']).toBe(Buffer.byteLength(body))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('covers all that says what is asked: host, target, type, time, token and body', () => {
    const at = { region: 'eu-west-1', url: new URL('https://dynamodb.eu-west-1.amazonaws.com') }
    const credentials = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' }
    const sign = (operation: string, body: string) =>
      signedHeaders(service('dynamodb'), at, operation, body, credentials)
    const { Authorization } = sign('PutItem', '{}')
    expect(Authorization).toContain(
      'SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target,',
    )
    const signatureIn = (value: unknown) => /Signature=(\w{64})$/.exec(String(value))?.[1]
    const all = [Authorization, sign('GetItem', '{}').Authorization, sign('PutItem', '{ }').Authorization]
    expect(new Set(all.map(signatureIn)).size).toBe(3)
  })
})

describe('credentials', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIA')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_SESSION_TOKEN', undefined)
  })
  afterEach(() => vi.unstubAllEnvs())

  it('are those that Lambda puts into the environment, with the session where there is one', () => {
    expect(credentialsInEnvironment()).toEqual({ accessKeyId: 'ASIA', secretAccessKey: 'secret' })
    vi.stubEnv('AWS_SESSION_TOKEN', 'session')
    expect(credentialsInEnvironment()).toMatchObject({ sessionToken: 'session' })
  })

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('without %s are none, and the way out is named', (name) => {
    vi.stubEnv(name, '')
    expect(credentialsInEnvironment).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/Lambda sets them; elsewhere use clients of the AWS SDK/),
      }),
    )
  })
})
