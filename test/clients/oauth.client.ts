import { JwtVerifier } from 'aws-jwt-verify'
import { assertIsJwks } from 'aws-jwt-verify/jwk'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { describe, expect, it } from 'vitest'
import { CALLBACK, confirmedUser, type OpenPool } from '../../packages/emulator/src/testing/open-pool.ts'
import { follow } from '../../packages/emulator/src/testing/walk.ts'
import { GOOGLE, useTestPool } from './test-pool.ts'
import { named } from './versions.ts'

const issuerOf = ({ emulator, UserPoolId }: OpenPool) => `${emulator.endpoint}/${UserPoolId}`

describe(named('aws-jwt-verify'), () => {
  const open = useTestPool()

  it('verifies both tokens with the published key set', async () => {
    const pool = await open()
    const sub = await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    const tokens = (await pool.signIn('ada')).AuthenticationResult
    const issuer = issuerOf(pool)
    const keys = Object(await (await fetch(`${issuer}/.well-known/jwks.json`)).json())
    assertIsJwks(keys)
    const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` })
    verifier.cacheJwks(keys)
    for (const token of [tokens?.IdToken, tokens?.AccessToken])
      expect((await verifier.verify(token ?? '')).sub).toBe(sub)
  })
})

describe(named('openid-client'), () => {
  const open = useTestPool()

  it('discovers the pool, signs in with Google by code and PKCE, and asks userInfo', async () => {
    const pool = await open({ google: GOOGLE })
    const options = { execute: [openid.allowInsecureRequests] }
    const configuration = await openid.discovery(
      new URL(issuerOf(pool)),
      pool.ClientId,
      undefined,
      openid.None(),
      options,
    )
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()]
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: CALLBACK,
      scope: 'openid email',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      identity_provider: 'Google',
      persona: 'ada',
    })
    const callback = await follow(url.href, pool.emulator.endpoint)
    const checks = { pkceCodeVerifier, expectedState, expectedNonce }
    const tokens = await openid.authorizationCodeGrant(configuration, callback, checks)
    const sub = tokens.claims()?.sub ?? ''
    expect(await openid.fetchUserInfo(configuration, tokens.access_token, sub)).toMatchObject({
      email: 'ada@example.com',
    })
    const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect(refreshed.claims()?.sub).toBe(sub)
  })
})

describe(named('oauth4webapi'), () => {
  const open = useTestPool()

  it('accepts the discovery document and validates the answer of the token endpoint', async () => {
    const pool = await open({ google: GOOGLE })
    const issuer = new URL(issuerOf(pool))
    const insecure = { [oauth.allowInsecureRequests]: true }
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
    const verifier = oauth.generateRandomCodeVerifier()
    const query = new URLSearchParams({
      client_id: pool.ClientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: 's',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      identity_provider: 'Google',
      persona: 'ada',
    })
    const callback = await follow(`${server.authorization_endpoint}?${query}`, pool.emulator.endpoint)
    const client = { client_id: pool.ClientId }
    const parameters = oauth.validateAuthResponse(server, client, callback, 's')
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      CALLBACK,
      verifier,
      insecure,
    )
    const result = await oauth.processAuthorizationCodeResponse(server, client, answer, { requireIdToken: true })
    expect(oauth.getValidatedIdTokenClaims(result)?.aud).toBe(pool.ClientId)
  })
})
