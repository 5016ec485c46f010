import { afterEach, describe, expect, it, vi } from 'vitest'
import { issuerOf } from './issuer.ts'

afterEach(() => vi.unstubAllEnvs())

const CONFIG_INVALID = expect.objectContaining({ code: 'CONFIG_INVALID' })

describe('the issuer of a pool', () => {
  it.each(['eu-west-1', 'us-gov-west-1', 'ap-southeast-12'])('is at AWS, in the region %s of its id', (region) => {
    expect(issuerOf(`${region}_AbCdEf123`, undefined)).toEqual({
      pool: `${region}_AbCdEf123`,
      issuer: `https://cognito-idp.${region}.amazonaws.com/${region}_AbCdEf123`,
      jwksUri: `https://cognito-idp.${region}.amazonaws.com/${region}_AbCdEf123/.well-known/jwks.json`,
    })
  })

  it.each(['http://127.0.0.1:9229', 'http://localhost:1', 'http://[::1]:65535'])('is at the emulator: %s', (host) => {
    expect(issuerOf('eu-west-1_Test1', host)).toEqual({
      pool: 'eu-west-1_Test1',
      issuer: `${host}/eu-west-1_Test1`,
      jwksUri: `${host}/eu-west-1_Test1/.well-known/jwks.json`,
    })
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
    expect(() => issuerOf(userPoolId, undefined)).toThrow(CONFIG_INVALID)
    expect(() => issuerOf(userPoolId, undefined)).toThrow(/"userPoolId" is not the id of a user pool/)
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
    expect(() => issuerOf('eu-west-1_Test1', endpoint)).toThrow(CONFIG_INVALID)
    expect(() => issuerOf('eu-west-1_Test1', endpoint)).toThrow(/not a loopback address/)
  })

  it.each([
    ['NODE_ENV', 'production'],
    ['AWS_LAMBDA_FUNCTION_NAME', 'authorizer'],
  ])('T136: is at no emulator in production (%s)', (name, value) => {
    vi.stubEnv(name, value)
    expect(() => issuerOf('eu-west-1_Test1', 'http://127.0.0.1:9229')).toThrow(/and this is production/)
    expect(issuerOf('eu-west-1_Test1', undefined)).toMatchObject({ pool: 'eu-west-1_Test1' })
  })
})
