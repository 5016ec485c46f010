import { ATTRIBUTES, LISTING } from './attributes.ts'
import type { BehaviourEntry } from './behaviour.ts'
import { CHOICE_SIGN_IN, CUSTOM_CHALLENGES, SECOND_FACTORS, SRP } from './challenges.ts'
import { CLIENTS, POOLS, PROVIDERS } from './configuration.ts'
import { FEDERATION, LINKING, UNLINKING } from './federation.ts'
import { HOSTED, HTTPS } from './hosted.ts'
import { MESSAGES } from './messages.ts'
import { CSV_IMPORT, MIGRATION } from './migration.ts'
import { ADDRESS_AS_USERNAME, ALIASES, CASE_RULES } from './names.ts'
import { INBOUND, OIDC, SAML, SOCIAL } from './providers.ts'
import { GROUPS, LIMITS, SESSIONS } from './sessions.ts'
import { FORGOTTEN_PASSWORDS, PASSWORDS, SIGN_IN } from './sign-in.ts'
import { OAUTH, PROTOCOL, TOKENS } from './tokens.ts'
import { TOKEN_TRIGGER, TRIGGERS } from './triggers.ts'
import { ACCOUNTS, CONFIRMATION, INVITATION, SIGN_UP } from './users.ts'

export interface Behaviour extends BehaviourEntry {
  readonly id: string
  readonly area: string
}

/** The tests beside these files check each entry over HTTP, under its id. */
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
  SRP,
  'Second factors': SECOND_FACTORS,
  'Choice-based sign-in': CHOICE_SIGN_IN,
  'Custom challenges': CUSTOM_CHALLENGES,
  Sessions: SESSIONS,
  Groups: GROUPS,
  'Limits per user': LIMITS,
  'Migration by trigger': MIGRATION,
  'CSV import': CSV_IMPORT,
  Triggers: TRIGGERS,
  PreTokenGeneration: TOKEN_TRIGGER,
  Messages: MESSAGES,
  InboundFederation: INBOUND,
  'Federated sign-in': FEDERATION,
  Linking: LINKING,
  Unlinking: UNLINKING,
  'Social providers': SOCIAL,
  'SAML providers': SAML,
  'OpenID providers': OIDC,
  Tokens: TOKENS,
  'OAuth endpoints': OAUTH,
  'Hosted sessions': HOSTED,
  TLS: HTTPS,
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
  ...SRP,
  ...SECOND_FACTORS,
  ...CHOICE_SIGN_IN,
  ...CUSTOM_CHALLENGES,
  ...SESSIONS,
  ...GROUPS,
  ...LIMITS,
  ...MIGRATION,
  ...CSV_IMPORT,
  ...TRIGGERS,
  ...TOKEN_TRIGGER,
  ...MESSAGES,
  ...INBOUND,
  ...FEDERATION,
  ...LINKING,
  ...UNLINKING,
  ...SOCIAL,
  ...SAML,
  ...OIDC,
  ...TOKENS,
  ...OAUTH,
  ...HOSTED,
  ...HTTPS,
  ...POOLS,
  ...CLIENTS,
  ...PROVIDERS,
  ...PROTOCOL,
}

export type BehaviourId = keyof typeof CATALOGUE

export const BEHAVIOURS: readonly Behaviour[] = Object.entries(AREAS).flatMap(([area, entries]) =>
  Object.entries<BehaviourEntry>(entries).map(([id, entry]) => ({ id, area, ...entry })),
)

const SOURCE =
  /^(Developer Guide: [a-z-]+|API reference: [A-Z]\w+( \(.+\))?|[\w.-]+\/[\w.-]+(#[0-9]+|: .+)|RFC [0-9]+(, section [\d.]+)?|OpenID Connect (Core|Discovery) 1\.0(, section [\d.]+)?|Smithy: AWS JSON 1\.1 protocol( \(.+\))?|CVE-[0-9]+-[0-9]+)$/u

/** Whether anybody can look up every part of the source. */
export function hasPublicSource({ source }: BehaviourEntry): boolean {
  return source.split('; ').every((part) => SOURCE.test(part))
}
