import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { dnsSuffixOf, isRegion, issuersAtAws, regionOfUserPool } from './user-pool-id.ts'

/** At least one of each partition of AWS. */
const REGIONS = [
  'us-east-1',
  'eu-west-1',
  'ap-southeast-5',
  'ca-west-1',
  'il-central-1',
  'mx-central-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'cn-north-1',
  'cn-northwest-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
]

describe('T169: the id of a user pool', () => {
  it.each(REGIONS)('names its Region: %s', (region) => {
    expect(isRegion(region)).toBe(true)
    expect(regionOfUserPool(`${region}_AbCdEf123`)).toBe(region)
  })

  it('is an emulator’s where it names none', () => {
    expect(regionOfUserPool('local_1a2B3c4D')).toBe('local')
    expect(isRegion('local')).toBe(false)
    expect(issuersAtAws('local_1a2B3c4D', ['us-west-2'])).toEqual([])
  })

  it.each([
    undefined,
    null,
    7,
    ['eu-west-1_Test1'],
    '',
    'customers',
    'eu-west-1',
    'eu-west-1_',
    '_Test1',
    'EU-west-1_Test1',
    'Local_Test1',
    'eu-west-x_Test1',
    'eu1-west-1_Test1',
    'e-west-1_Test1',
    'eur-west-1_Test1',
    'EUSC-de-east-1_Test1',
    'eusc-1_Test1',
    'eu-1_Test1',
    'eu-west-123_Test1',
    'eu-west-1_Te-st',
    'eu-west-1_Test1/..',
    'evil.test/eu-west-1_Test1',
    'eu-west-1_Test1 ',
    ' eu-west-1_Test1',
    'eu-west-1_Test1\n',
    'eu-west-1.evil.test_Test1',
    `eu-west-1_${'x'.repeat(56)}`,
  ])('is no other text: %j', (text) => {
    expect(regionOfUserPool(text)).toBeUndefined()
  })
})

describe('T169: a partition', () => {
  it.each(REGIONS)('has the domain by which the AWS SDK finds Cognito: %s', (region) => {
    const { endpointProvider } = new CognitoIdentityProviderClient({ region }).config
    const { hostname } = endpointProvider({ Region: region }).url
    expect(`cognito-idp.${region}.${dnsSuffixOf(region)}`).toBe(hostname)
  })
})

describe('T169: the issuers of a pool', () => {
  it.each([
    ['eu-west-1', 'amazonaws.com'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu'],
  ])('are the original and the updated one: %s', (region, suffix) => {
    expect(issuersAtAws(`${region}_Test1`)).toEqual([
      `https://cognito-idp.${region}.${suffix}/${region}_Test1`,
      `https://issuer-cognito-idp.${region}.${suffix}/${region}_Test1`,
    ])
  })

  it('are those of its replicas as well, which keep the id of the pool', () => {
    expect(issuersAtAws('us-east-1_Test1', ['us-west-2', 'us-east-1'])).toEqual([
      'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Test1',
      'https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_Test1',
      'https://cognito-idp.us-west-2.amazonaws.com/us-east-1_Test1',
    ])
  })
})
