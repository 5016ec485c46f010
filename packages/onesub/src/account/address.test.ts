import { describe, expect, it } from 'vitest'
import { COGNITO } from '../core/person.ts'
import { change, claimRow, identityRow, personRows } from '../core/testing/rows.ts'
import { emailKey, nativeIdentity, POOL, person, personId } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { createAccountService } from './account.ts'
import { type CognitoUserApi, createUserSession } from './address.ts'
import { linkOffers } from './link-offer.ts'

const NOW = Date.UTC(2026, 0, 1)
const SECRET = 'a secret of thirty-two characters or more'
const NEW = 'new@example.com'

/** A token of these tests is what it says. */
const signedIn = (name: string) => JSON.stringify({ sub: `sub-${name}`, username: name, auth_time: NOW / 1_000 })
const verify = async (token: string) => {
  const claims: Record<string, unknown> = JSON.parse(token)
  return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
}
const named = (name: string) => Object.assign(new Error('of Cognito'), { name })

it.each([undefined, null, { send: async () => {} }, { updateUserAttributes: async () => {} }])(
  'T112: a client without these calls is refused at start with the way out: %o',
  (client) => {
    expect(() => Reflect.apply(createUserSession, undefined, [client])).toThrow(
      /CONFIG_INVALID: createUserSession needs a client .* new CognitoIdentityProvider\(\)/,
    )
  },
)

async function opened(of: Partial<CognitoUserApi> = {}, verified = 'true') {
  const registry = createMemoryRegistry()
  const ada = { ...person(1, [nativeIdentity(), nativeIdentity('sub-second', 'second')]), address: 'ada@example.com' }
  for (const owner of [ada, { ...person(2, [nativeIdentity('sub-bob', 'bob')]), address: null }]) {
    const [first, ...rest] = personRows(owner)
    if (first) await registry.commit(change(first, ...rest, ...(owner === ada ? [claimRow(owner.id)] : [])))
  }
  const api: CognitoUserApi = {
    updateUserAttributes: async () => {},
    verifyUserAttribute: async () => {},
    getUserAttributeVerificationCode: async () => {},
    getUser: async () => ({
      UserAttributes: [
        { Name: 'email', Value: NEW },
        { Name: 'email_verified', Value: verified },
      ],
    }),
    ...of,
  }
  const account = createAccountService({
    verifyAccess: verify,
    verifyId: verify,
    registry,
    userPool: EMPTY_USER_POOL,
    userSession: createUserSession(api),
    secret: SECRET,
    clock: () => NOW,
  })
  const ownerOf = async (address: string) => {
    const { identifiers } = await registry.facts({ identity: undefined, identifiers: [emailKey(address)] })
    const claim = identifiers[0]?.ownership
    return claim?.leaseUntil === null ? claim.person : undefined
  }
  const ask = () => account.changeAddress({ accessToken: signedIn('ada'), address: NEW })
  const confirm = (name: string, proof: string) =>
    account.confirmAddress({ accessToken: signedIn(name), proof, code: '123456' })
  return { registry, account, ask, confirm, ownerOf }
}

describe('T151: an address that is changed by our own call', () => {
  it('belongs to the person once the code is entered, and the former one is free', async () => {
    const { ask, confirm, ownerOf } = await opened()
    const { proof } = await ask()
    expect(await ownerOf(NEW)).toBeUndefined()
    await confirm('ada', proof)
    expect(await ownerOf(NEW)).toBe(personId(1))
    expect(await ownerOf('ada@example.com')).toBeUndefined()
  })

  it.each(['bob', 'second'])('is not by a request that another user made: %s', async (name) => {
    const { ask, confirm, ownerOf } = await opened()
    const { proof } = await ask()
    await expect(confirm(name, proof)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    expect(await ownerOf(NEW)).toBeUndefined()
  })

  it('is asked for as the user spells it, without the spaces around: in a pool that keeps case they sign in by it', async () => {
    const written: unknown[] = []
    const { account } = await opened({
      updateUserAttributes: async ({ UserAttributes }) => void written.push(...UserAttributes),
    })
    await account.changeAddress({ accessToken: signedIn('ada'), address: ' New@Example.com ' })
    expect(written).toEqual([{ Name: 'email', Value: 'New@Example.com' }])
  })

  it('T85: another user’s request spends no code', async () => {
    const spent: unknown[] = []
    const { ask, confirm } = await opened({ verifyUserAttribute: async ({ Code }) => void spent.push(Code) })
    const { proof } = await ask()
    await expect(confirm('bob', proof)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    expect(spent).toEqual([])
  })

  it('is not where the user has become another person’s in between', async () => {
    const { registry, ask, confirm, ownerOf } = await opened()
    const { proof } = await ask()
    await registry.commit(change({ ...identityRow(nativeIdentity(), personId(2)), expectedRevision: 1 }))
    await expect(confirm('ada', proof)).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
    expect(await ownerOf(NEW)).toBeUndefined()
  })

  it.each(['false', ''])('is not while Cognito has it as unverified: %j', async (verified) => {
    const { ask, confirm, ownerOf } = await opened({}, verified)
    const { proof } = await ask()
    await expect(confirm('ada', proof)).rejects.toMatchObject({ code: 'CODE_INVALID' })
    expect(await ownerOf(NEW)).toBeUndefined()
  })

  it.each([
    ['CodeMismatchException', 'CODE_INVALID'],
    ['ExpiredCodeException', 'CODE_INVALID'],
    ['InvalidParameterException', 'CODE_INVALID'],
    ['AliasExistsException', 'IDENTIFIER_TAKEN'],
    ['NotAuthorizedException', 'TOKEN_INVALID'],
    ['TooManyRequestsException', 'TRY_AGAIN'],
  ])('says in our words what is wrong with a code: %s', async (name, code) => {
    const { ask, confirm } = await opened({ verifyUserAttribute: () => Promise.reject(named(name)) })
    const { proof } = await ask()
    await expect(confirm('ada', proof)).rejects.toMatchObject({ code })
  })

  it('T8: a request is no offer of a link, and an offer of a link is no request', async () => {
    const { account, ask, confirm } = await opened()
    const { proof } = await ask()
    const accessToken = signedIn('ada')
    await expect(account.acceptLink({ accessToken, proof })).rejects.toMatchObject({ detail: 'seal' })
    const { seal } = linkOffers(SECRET)
    const because = { adds: [nativeIdentity()] } as never
    const until = NOW + 60_000
    const offer = {
      account: personId(1),
      revision: 1,
      because,
      merges: null,
      mergesRevision: null,
      until,
      email: NEW,
    }
    await expect(confirm('ada', seal(offer))).rejects.toMatchObject({ detail: 'seal' })
  })
})

describe('T85: a change of address that is overtaken', () => {
  async function overtaken(times: number) {
    const memory = createMemoryRegistry()
    const ada = { ...person(1, [nativeIdentity()]), address: 'ada@example.com' }
    const [first, ...rest] = personRows(ada)
    if (first) await memory.commit(change(first, ...rest, claimRow(ada.id)))
    let left = times
    const commit: typeof memory.commit = async (wanted) => {
      if (left === 0) return memory.commit(wanted)
      left -= 1
      return { outcome: 'overtaken', winner: undefined }
    }
    const account = createAccountService({
      verifyAccess: verify,
      verifyId: verify,
      registry: { ...memory, commit },
      userPool: EMPTY_USER_POOL,
      userSession: { requestAddress: async () => {}, verifyAddress: async () => NEW },
      secret: SECRET,
      clock: () => NOW,
    })
    const accessToken = signedIn('ada')
    const { proof } = await account.changeAddress({ accessToken, address: NEW })
    const confirmed = await account.confirmAddress({ accessToken, proof, code: '1' }).then(
      () => 'done',
      (error: unknown) => Object(error).code,
    )
    const { identifiers } = await memory.facts({ identity: undefined, identifiers: [emailKey(NEW)] })
    return [confirmed, identifiers[0]?.ownership?.person]
  }

  it('is tried again', async () => expect(await overtaken(1)).toEqual(['done', personId(1)]))
  it('says so after three tries', async () => expect(await overtaken(3)).toEqual(['TRY_AGAIN', undefined]))
})
