/**
 * All that this package knows about the ids of user pools, about Regions, their partitions and issuers. Nothing else takes such a text apart.
 */

/** Of every partition: `eu-west-1`, `cn-north-1`, `us-gov-west-1`, `us-isob-east-1`, `eusc-de-east-1`. */
const REGION = /^(?:[a-z]{2}|eusc)(?:-[a-z]+)+-\d{1,2}$/

/** In the place of a Region where no AWS is: emulators make such pools (`local_1a2B3c4D`). */
export const LOCAL = 'local'

const POOL_ID = /^([a-z\d-]+)_[0-9A-Za-z]{1,55}$/

export function isRegion(text: unknown): text is string {
  return typeof text === 'string' && REGION.test(text)
}

/** The Region in the id of a user pool, `local` for an emulator's; undefined where the text is no such id. The case counts. */
export function regionOfUserPool(userPoolId: unknown): string | undefined {
  const [, region] = (typeof userPoolId === 'string' && POOL_ID.exec(userPoolId)) || []
  return region === LOCAL || isRegion(region) ? region : undefined
}

/** AWS SDKs, `partitions.json`: each partition has a domain of its own; the commercial one and GovCloud share theirs. */
const DNS_SUFFIXES: readonly (readonly [regions: string, suffix: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
]

export function dnsSuffixOf(region: string): string {
  return DNS_SUFFIXES.find(([regions]) => region.startsWith(regions))?.[1] ?? 'amazonaws.com'
}

/** The host of a service of AWS in a Region. */
export function serviceHost(service: string, region: string): string {
  return `${service}.${region}.${dnsSuffixOf(region)}`
}

/**
 * Every issuer that AWS writes into the tokens of one pool: the original, the updated one (API reference, "IssuerConfigurationType"), which
 * names the primary Region wherever the token was given out, and the original of each replica Region, which names the replica's
 * (awslabs/aws-jwt-verify#282). Empty for a pool that is at no AWS.
 */
export function issuersAtAws(userPoolId: string, replicaRegions: readonly string[] = []): readonly string[] {
  const primary = regionOfUserPool(userPoolId)
  if (primary === undefined || primary === LOCAL) return []
  const hosts = [
    serviceHost('cognito-idp', primary),
    serviceHost('issuer-cognito-idp', primary),
    ...replicaRegions.map((region) => serviceHost('cognito-idp', region)),
  ]
  return [...new Set(hosts)].map((host) => `https://${host}/${userPoolId}`)
}
