import { afterEach, describe, expect, it, vi } from 'vitest'
import { issuersOf } from './issuer.ts'

afterEach(() => vi.unstubAllEnvs())

const CONFIG_INVALID = expect.objectContaining({ code: 'CONFIG_INVALID' })

const issuersOfPool = (userPoolId: string, emulator: string | undefined, regions?: readonly string[]) =>
  issuersOf({ userPoolId, regions }, emulator).map(({ issuer }) => issuer)

describe('the issuer of a pool', () => {
  it.each([
    ['eu-west-1', 'amazonaws.com'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['ap-southeast-12', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu'],
  ])('T169: is at AWS, in the Region %s of its id, under either name', (region, suffix) => {
    const [original, updated] = ['cognito-idp', 'issuer-cognito-idp'].map(
      (service) => `https://${service}.${region}.${suffix}/${region}_AbCdEf123`,
    )
    expect(issuersOf({ userPoolId: `${region}_AbCdEf123` }, undefined)).toEqual([
      { issuer: original, jwksUri: `${original}/.well-known/jwks.json` },
      { issuer: updated, jwksUri: `${updated}/.well-known/jwks.json` },
    ])
  })

  it('T169: is in each Region where it has a replica', () => {
    expect(issuersOfPool('us-east-1_Test1', undefined, ['us-west-2'])).toContain(
      'https://cognito-idp.us-west-2.amazonaws.com/us-east-1_Test1',
    )
  })

  it.each([[['']], [['us-west-2', 'US-west-2']], [['evil.test/']], [['local']], [[undefined]], ['us-west-2'], [null]])(
    'T169: is in no Region that is none: %j',
    (regions) => {
      const pool = Object.assign({ userPoolId: 'us-east-1_Test1' }, { regions })
      // A JavaScript user has no compiler to stop them.
      expect(() => Reflect.apply(issuersOf, undefined, [pool, undefined])).toThrow(/CONFIG_INVALID: "regions" is not/)
    },
  )

  it.each(['http://127.0.0.1:9229', 'http://localhost:1', 'http://[::1]:65535'])(
    'is at the emulator and nowhere else: %s',
    (host) => {
      for (const id of ['eu-west-1_Test1', 'local_Test1', 'eusc-de-east-1_Test1']) {
        expect(issuersOf({ userPoolId: id, regions: ['us-west-2'] }, host)).toEqual([
          { issuer: `${host}/${id}`, jwksUri: `${host}/${id}/.well-known/jwks.json` },
        ])
      }
    },
  )

  it('T169: is at no AWS for a pool of an emulator', () => {
    expect(() => issuersOfPool('local_Test1', undefined)).toThrow(/CONFIG_INVALID: "userPoolId" names a pool of an emu/)
  })

  it.each([
    '',
    'customers',
    'eu-west-1_',
    'eu-west-1',
    'EU-west-1_Test1',
    'eu-west-x_Test1',
    'eu1-west-1_Test1',
    'e-west-1_Test1',
    'eur-west-1_Test1',
    'eu-1_Test1',
    'eu-west-1_Te-st',
    'eu-west-1_Test1/..',
    'evil.test/eu-west-1_Test1',
    'eu-west-1_Test1 ',
    `eu-west-1_${'x'.repeat(56)}`,
  ])('T64: is that of no other text: %j', (userPoolId) => {
    expect(() => issuersOfPool(userPoolId, undefined)).toThrow(CONFIG_INVALID)
    expect(() => issuersOfPool(userPoolId, undefined)).toThrow(/"userPoolId" is not the id of a user pool/)
  })

  it.each([
    'http://example.com:80',
    'https://127.0.0.1:1',
    'http://127.0.0.1',
    'http://127.0.0.1:',
    'http://127.0.0.1:123456',
    'http://127.0.0.1:1/x',
    'http://127x0.0.1:1',
    'http://evil.test/http://127.0.0.1:1',
  ])('T136: is at no emulator elsewhere: %s', (endpoint) => {
    expect(() => issuersOfPool('eu-west-1_Test1', endpoint)).toThrow(CONFIG_INVALID)
    expect(() => issuersOfPool('eu-west-1_Test1', endpoint)).toThrow(/not a loopback address/)
  })

  it.each([
    ['NODE_ENV', 'production'],
    ['AWS_LAMBDA_FUNCTION_NAME', 'authorizer'],
  ])('T136: is at no emulator in production (%s)', (name, value) => {
    vi.stubEnv(name, value)
    expect(() => issuersOfPool('eu-west-1_Test1', 'http://127.0.0.1:9229')).toThrow(/and this is production/)
    expect(issuersOfPool('eu-west-1_Test1', undefined)).toHaveLength(2)
  })
})
