import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { CALLBACK, type OpenPool, openPool } from '../testing/open-pool.ts'
import { follow } from '../testing/walk.ts'

let emulator: Emulator
let pool: OpenPool
beforeAll(async () => {
  const personas = [{ id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true }]
  emulator = await startEmulator({ personas })
  pool = await openPool(emulator, {
    google: { email: 'email', email_verified: 'email_verified' },
    client: { GenerateSecret: true },
  })
})
afterAll(() => emulator.close())

const issuer = () => new URL(`${emulator.endpoint}/${pool.UserPoolId}`)
const asPersona = { identity_provider: 'Google', persona: 'ada' }

describe('clients that know nothing of Cognito', () => {
  it('openid-client: discovery, code with PKCE and nonce, refresh, userInfo and revocation', async () => {
    const options = { execute: [client.allowInsecureRequests] }
    const config = await client.discovery(issuer(), pool.ClientId, pool.secret, undefined, options)
    const verifier = client.randomPKCECodeVerifier()
    const [state, nonce] = [client.randomState(), client.randomNonce()]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...asPersona,
    })
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
    const tokens = await client.authorizationCodeGrant(config, await follow(url.href, emulator.endpoint), checks)
    const subject = tokens.claims()?.sub ?? ''
    expect(await client.fetchUserInfo(config, tokens.access_token, subject)).toMatchObject({ email: 'ada@example.com' })
    const again = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(again.claims()?.sub).toBe(subject)
    await client.tokenRevocation(config, tokens.refresh_token ?? '')
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow()
  })

  it('oauth4webapi: reads an error on the callback as OAuth has it', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true }
    const answer = await oauth.discoveryRequest(issuer(), insecure)
    const server = await oauth.processDiscoveryResponse(issuer(), answer)
    const query = new URLSearchParams({
      client_id: pool.ClientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: 's1',
      prompt: 'none',
    })
    const callback = await follow(`${server.authorization_endpoint}?${query}`, emulator.endpoint)
    const read = () => oauth.validateAuthResponse(server, { client_id: pool.ClientId }, callback, 's1')
    expect(read).toThrow(expect.objectContaining({ error: 'login_required' }))
  })
})
