import { ATTRIBUTES, LISTING } from './attributes.ts'
import type { Claim } from './behaviour.ts'
import { CLIENTS, POOLS, PROVIDERS } from './configuration.ts'
import { FEDERATION, LINKING, UNLINKING } from './federation.ts'
import { ADDRESS_AS_USERNAME, ALIASES, CASE_RULES } from './names.ts'
import { FORGOTTEN_PASSWORDS, PASSWORDS, SIGN_IN } from './sign-in.ts'
import { OAUTH, PROTOCOL, TOKENS } from './tokens.ts'
import { TOKEN_TRIGGER, TRIGGERS } from './triggers.ts'
import { ACCOUNTS, CONFIRMATION, INVITATION, SIGN_UP } from './users.ts'

export interface Behaviour extends Claim {
  readonly id: string
  readonly area: string
}

/** Everything below is checked over HTTP, under its id, by the tests beside these files. */
export const AREAS = {
  'Sign-up': SIGN_UP,
  Confirmation: CONFIRMATION,
  'Invited users': INVITATION,
  Accounts: ACCOUNTS,
  Aliases: ALIASES,
  'An address as the username': ADDRESS_AS_USERNAME,
  'Upper and lower case': CASE_RULES,
  Attributes: ATTRIBUTES,
  ListUsers: LISTING,
  Passwords: PASSWORDS,
  'Forgotten passwords': FORGOTTEN_PASSWORDS,
  'Sign-in': SIGN_IN,
  Triggers: TRIGGERS,
  PreTokenGeneration: TOKEN_TRIGGER,
  'Federated sign-in': FEDERATION,
  Linking: LINKING,
  Unlinking: UNLINKING,
  Tokens: TOKENS,
  'OAuth endpoints': OAUTH,
  'User pools': POOLS,
  'App clients': CLIENTS,
  'Identity providers': PROVIDERS,
  Protocol: PROTOCOL,
} as const

export const CATALOGUE = {
  ...SIGN_UP,
  ...CONFIRMATION,
  ...INVITATION,
  ...ACCOUNTS,
  ...ALIASES,
  ...ADDRESS_AS_USERNAME,
  ...CASE_RULES,
  ...ATTRIBUTES,
  ...LISTING,
  ...PASSWORDS,
  ...FORGOTTEN_PASSWORDS,
  ...SIGN_IN,
  ...TRIGGERS,
  ...TOKEN_TRIGGER,
  ...FEDERATION,
  ...LINKING,
  ...UNLINKING,
  ...TOKENS,
  ...OAUTH,
  ...POOLS,
  ...CLIENTS,
  ...PROVIDERS,
  ...PROTOCOL,
}

export type BehaviourId = keyof typeof CATALOGUE

export const BEHAVIOURS: readonly Behaviour[] = Object.entries(AREAS).flatMap(([area, claims]) =>
  Object.entries<Claim>(claims).map(([id, claim]) => ({ id, area, ...claim })),
)

const SOURCE =
  /^(Developer Guide: [a-z-]+|API reference: [A-Z]\w+( \(.+\))?|[\w.-]+\/[\w.-]+(#[0-9]+|: .+)|RFC [0-9]+(, section [\d.]+)?|OpenID Connect (Core|Discovery) 1\.0(, section [\d.]+)?|Smithy: AWS JSON 1\.1 protocol( \(.+\))?|CVE-[0-9]+-[0-9]+)$/u

/** Whether every part of the source is of a kind somebody else can look up. */
export function hasPublicSource({ source }: Claim): boolean {
  return source.split('; ').every((part) => SOURCE.test(part))
}
