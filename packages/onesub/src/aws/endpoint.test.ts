import { afterEach, describe, expect, it, vi } from 'vitest'
import { endpointOf, type Service } from './endpoint.ts'

const COGNITO: Service = {
  name: 'cognito-idp',
  target: 'AWSCognitoIdentityProviderService',
  contentType: 'application/x-amz-json-1.1',
  endpointVariable: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  timeoutMs: 2_500,
}

afterEach(() => vi.unstubAllEnvs())

describe('the endpoint of a service', () => {
  it.each([
    ['eu-west-1', 'https://cognito-idp.eu-west-1.amazonaws.com/'],
    ['us-gov-west-1', 'https://cognito-idp.us-gov-west-1.amazonaws.com/'],
    ['cn-north-1', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/'],
    ['eusc-de-east-1', 'https://cognito-idp.eusc-de-east-1.amazonaws.eu/'],
  ])('T169: is in the domain of its partition: %s', (region, url) => {
    expect(endpointOf(COGNITO, { region }).url.href).toBe(url)
    vi.stubEnv('AWS_REGION', region)
    expect(endpointOf(COGNITO, {})).toMatchObject({ region, url: new URL(url) })
  })

  it.each(['', 'local', 'EU-west-1', 'eu-west-1/', 'eu-west-1.evil.test', 'eusc', 'eu-west-1_Test1'])(
    'T169: is nowhere for a text that is no Region: %j',
    (region) => {
      expect(() => endpointOf(COGNITO, { region })).toThrow(/CONFIG_INVALID: The region is missing or is none/)
    },
  )
})
