import { verify } from 'node:crypto'
import cognitoExpress from 'aws-cognito-express'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { createVerifier } from 'fast-jwt'
import { createLocalJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import type { PersonId } from 'onesub'
import { createIdentityVerifier, createPersonVerifier } from 'onesub/verify'
import { AWS_ISSUER, CLIENT_ID, type Keys, POOL_ID } from './tokens.ts'

/** Checks the token of that number, given as a string that no one has hashed or flattened yet. */
export type Engine = (at: number) => unknown

/** What the caches hold as they come: 4 MiB of ours, 1,000 entries of fast-jwt's. */
const SEEN = 900

/** Each as its own documentation sets it up for Cognito: keys at hand, issuer, client, use and time checked where it can. */
export async function makeEngines(keys: Keys, endpoint: string, count: number) {
  const emulatorsIssuer = `${endpoint}/${POOL_ID}`
  const make = (issuer: string, claims?: object) =>
    Array.from({ length: count }, () => Buffer.from(keys.token(issuer, claims)))
  const tokens = {
    aws: make(AWS_ISSUER),
    ours: make(emulatorsIssuer),
    withoutClaim: make(emulatorsIssuer, { person_id: undefined }),
  }
  const fresh = (of: readonly Buffer[], at: number, among = count) => of[at % among]?.toString('latin1') ?? ''

  const signed = tokens.aws.map((token) => {
    const end = token.lastIndexOf('.')
    return { text: token.subarray(0, end), signature: Buffer.from(token.toString('latin1', end + 1), 'base64url') }
  })
  const library = CognitoJwtVerifier.create({ userPoolId: POOL_ID, tokenUse: 'access', clientId: CLIENT_ID })
  library.cacheJwks(keys.jwks)
  const fast = { key: keys.pem, algorithms: ['RS256' as const], allowedIss: AWS_ISSUER }
  const fastJwt = createVerifier(fast)
  const fastJwtCached = createVerifier({ ...fast, cache: true })
  const joseKeys = createLocalJWKSet(keys.jwks)
  const express = new cognitoExpress.JWTValidator({
    region: 'eu-west-1',
    userPoolId: POOL_ID,
    tokenUse: ['access'],
    audience: [CLIENT_ID],
    pems: Object.fromEntries(keys.jwks.keys.map(({ kid }) => [kid, keys.pem])),
  })
  const ours = {
    pools: [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }],
    dangerouslyTrustEmulator: endpoint,
  } as const
  const person = personOf(keys)
  // More tokens than the default cache holds, in turns: each comes as if for the first time, and is put into the cache.
  const identity = createIdentityVerifier(ours)
  const byClaim = createPersonVerifier({ ...ours, registry: null })
  const byLookUp = createPersonVerifier({ ...ours, registry: registryWith(person) })
  const seen = createPersonVerifier({ ...ours, registry: null })
  for (const token of tokens.ours.slice(0, SEEN)) await seen(token.toString('latin1'))
  for (const token of tokens.aws.slice(0, SEEN)) fastJwtCached(token.toString('latin1'))

  const engines = {
    'crypto.verify': (at) => {
      const { text, signature } = signed[at % count] ?? {}
      if (!text || !signature || !verify('RSA-SHA256', text, keys.publicKey, signature)) throw new Error('not signed')
    },
    'aws-jwt-verify': (at) => library.verify(fresh(tokens.aws, at)),
    'fast-jwt': (at) => fastJwt(fresh(tokens.aws, at)),
    jose: (at) => jwtVerify(fresh(tokens.aws, at), joseKeys, { issuer: AWS_ISSUER, algorithms: ['RS256'] }),
    jsonwebtoken: (at) =>
      jsonwebtoken.verify(fresh(tokens.aws, at), keys.publicKey, { issuer: AWS_ISSUER, algorithms: ['RS256'] }),
    'aws-cognito-express': (at) => express.validate(fresh(tokens.aws, at)),
    'onesub identity': (at) => identity(fresh(tokens.ours, at)),
    'onesub person by claim': (at) => byClaim(fresh(tokens.ours, at)),
    'onesub person by look-up': (at) => byLookUp(fresh(tokens.withoutClaim, at)),
    'onesub person, seen before': (at) => seen(fresh(tokens.ours, at, SEEN)),
    'fast-jwt, seen before': (at) => fastJwtCached(fresh(tokens.aws, at, SEEN)),
  } satisfies Record<string, Engine>
  return { engines, length: { aws: tokens.aws[0]?.length, ours: tokens.ours[0]?.length } }
}

export type EngineName = keyof Awaited<ReturnType<typeof makeEngines>>['engines']

/** The store is no part of this figure: what it answers is there at once. */
/** Answers at once, so that the verifier is measured and not a store. */
function registryWith(id: PersonId) {
  const found = { id, identities: [], version: 1, notBefore: 0, address: null, mergedInto: null, revision: 1 }
  return { resolve: async () => id, person: async () => found }
}

function personOf(keys: Keys): PersonId {
  const [, claims = ''] = keys.token(AWS_ISSUER).split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).person_id
}
