import { describe, expect, it } from 'vitest'
import type { KnownIdentity } from '../core/person.ts'
import { type CognitoApi, cognitoUserPool } from './user-pool.ts'

const POOL = 'eu-west-1_Test1'
const google = { pool: POOL, provider: 'Google', subject: '1180' }
const ada: KnownIdentity = { pool: POOL, provider: 'Cognito', subject: 'sub-ada', userName: 'ada', native: true }
const facebookFirst: KnownIdentity = {
  pool: POOL,
  provider: 'Facebook',
  subject: '77',
  userName: 'Facebook_77',
  native: false,
}

const failing =
  (name: string, message = '') =>
  async () => {
    throw Object.assign(new Error(message), { name })
  }
const unused: CognitoApi = {
  adminLinkProviderForUser: failing('unused'),
  adminDisableProviderForUser: failing('unused'),
  adminGetUser: failing('unused'),
  adminCreateUser: failing('unused'),
  adminSetUserPassword: failing('unused'),
  adminUpdateUserAttributes: failing('unused'),
  adminDeleteUser: failing('unused'),
}
const holding = (identities: object[]) => async () => ({
  UserAttributes: [{ Name: 'identities', Value: JSON.stringify(identities) }],
})

describe('looking for a user', () => {
  const looking = (adminGetUser: CognitoApi['adminGetUser']) =>
    cognitoUserPool({ ...unused, adminGetUser }).exists({
      pool: POOL,
      userName: 'ada',
    })

  it('finds her, or says that there is none', async () => {
    expect(await looking(holding([]))).toBe(true)
    expect(await looking(failing('UserNotFoundException'))).toBe(false)
  })

  it('T101: takes a throttled answer for no answer', async () => {
    await expect(looking(failing('TooManyRequestsException'))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
    })
  })
})

describe('linking', () => {
  it('asks by subject, never by an attribute that a provider could choose', async () => {
    const asked: object[] = []
    const api: CognitoApi = { ...unused, adminLinkProviderForUser: async (input) => asked.push(input) }
    expect(await cognitoUserPool(api).link(google, ada)).toBe('linked')
    await cognitoUserPool(api).link(google, facebookFirst)
    const SourceUser = {
      ProviderName: 'Google',
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: '1180',
    }
    expect(asked).toEqual([
      { UserPoolId: POOL, DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' }, SourceUser },
      {
        UserPoolId: POOL,
        DestinationUser: {
          ProviderName: 'Facebook',
          ProviderAttributeName: 'Cognito_Subject',
          ProviderAttributeValue: '77',
        },
        SourceUser,
      },
    ])
  })

  it.each(['InvalidParameterException', 'AliasExistsException'])(
    'T149: looks where the identity is linked when Cognito answers %s, whatever its words',
    async (name) => {
      const link = (identities: object[]) =>
        cognitoUserPool({
          ...unused,
          adminLinkProviderForUser: failing(name, 'SourceUser is already linked to DestinationUser'),
          adminGetUser: holding(identities),
        }).link(google, ada)
      expect(await link([{ providerName: 'Google', userId: '1180' }])).toBe('linked')
      expect(await link([{ providerName: 'Google', userId: '2290' }])).toBe('elsewhere')
      expect(await link([])).toBe('elsewhere')
    },
  )

  it.each(['LimitExceededException', 'InvalidParameterException'])(
    'says that there is no room for another link when Cognito answers %s and the user has five',
    async (name) => {
      const five = Array.from({ length: 5 }, (_, at) => ({ providerName: `Okta${at}`, userId: String(at) }))
      const api = { ...unused, adminLinkProviderForUser: failing(name), adminGetUser: holding(five) }
      expect(await cognitoUserPool(api).link(google, ada)).toBe('full')
    },
  )

  it('T149: takes unreadable identities for no link', async () => {
    const adminGetUser = async () => ({ UserAttributes: [{ Name: 'identities', Value: '[{' }] })
    const api = { ...unused, adminLinkProviderForUser: failing('AliasExistsException'), adminGetUser }
    expect(await cognitoUserPool(api).link(google, ada)).toBe('elsewhere')
  })

  it.each(['TooManyRequestsException', 'UserNotFoundException'])(
    'T101: lets %s be an error, since nothing is known then',
    async (name) => {
      const api = {
        ...unused,
        adminLinkProviderForUser: failing(name),
        adminGetUser: holding([{ providerName: 'Google', userId: '1180' }]),
      }
      await expect(cognitoUserPool(api).link(google, ada)).rejects.toMatchObject({ name })
    },
  )
})
