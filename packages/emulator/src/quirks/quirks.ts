import { isRecord, type JsonRecord } from '../shared/json.ts'

interface QuirkDefinition {
  readonly what: string
  readonly source: string
  readonly positions: readonly string[] | 'milliseconds'
  readonly default: string | number
}

/** A named switch for each behaviour of Cognito about which sources disagree. The first position is the default. */
export const QUIRKS = {
  linkInPreSignUp: {
    what: 'How the sign-in ends whose own PreSignUp trigger linked the identity to another user.',
    source: 'aws-amplify/amplify-flutter#1716, aws-amplify/amplify-js#11565',
    positions: ['failOnce', 'succeed', 'phantomSub'],
    default: 'failOnce',
  },
  duplicatePreSignUp: {
    what: 'Whether Cognito runs PreSignUp a second time for one and the same sign-in; the second answer counts.',
    source: 'aws-amplify/amplify-js#13334, aws-amplify/amplify-js#4805',
    positions: ['off', 'afterThrow', 'afterTimeout', 'afterSuccess'],
    default: 'off',
  },
  triggerTimeout: {
    what: 'What follows when a trigger does not answer in time.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers; aws-amplify/amplify-js#4805',
    positions: ['oneRetry', 'threeAttempts', 'noRetry'],
    default: 'oneRetry',
  },
  triggerTimeLimitMs: {
    what: 'How long a trigger may take. Always 5 s at AWS; shorten it only to test a timeout without waiting.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
    positions: 'milliseconds',
    default: 5_000,
  },
  mergeAttempt: {
    what: 'AdminLinkProviderForUser with a source that already has its own profile.',
    source: 'aws/aws-sdk-net#1000, aws/aws-sdk-go#4218',
    positions: ['errorAndLink', 'errorOnly'],
    default: 'errorAndLink',
  },
  linkedElsewhere: {
    what: 'AdminLinkProviderForUser with an identity that is linked to another user.',
    source: 'API reference: AdminLinkProviderForUser (declared errors); aws-amplify/amplify-js#497',
    positions: ['AliasExistsException', 'InvalidParameterException'],
    default: 'AliasExistsException',
  },
  linkRefusal: {
    what: 'Whether AdminLinkProviderForUser refuses for a reason that nobody has documented, and by which error.',
    source: 'API reference: AdminLinkProviderForUser (declared errors); aws/aws-sdk-js-v3#6985',
    positions: ['none', 'InvalidParameterException', 'OperationNotEnabledException'],
    default: 'none',
  },
  linkOntoImmutable: {
    what: 'For which immutable attributes of the destination AdminLinkProviderForUser refuses: any custom one that has a value, those that the provider maps, or none.',
    source: 'aws/aws-sdk-ruby: AdminLinkProviderForUser, destination_user (left out of newer models); aws/aws-cdk#7011',
    positions: ['anyCustom', 'mapped', 'none'],
    default: 'anyCustom',
  },
  providerNames: {
    what: 'Which names CreateIdentityProvider takes; `any` stands for pools whose providers are older than the pattern.',
    source: 'API reference: CreateIdentityProvider (ProviderName); aws/aws-cdk#28667',
    positions: ['apiPattern', 'any'],
    default: 'apiPattern',
  },
  sixthIdentity: {
    what: 'The error for linking a sixth identity to one user.',
    source: 'API reference: AdminLinkProviderForUser (the limit; its error is not documented)',
    positions: ['LimitExceededException', 'InvalidParameterException'],
    default: 'LimitExceededException',
  },
  federatedUsernameCase: {
    what: 'Whether a case-insensitive pool lowercases `<Provider>_<subject>`.',
    source: 'Developer Guide: cognito-user-pools-specifying-attribute-mapping',
    positions: ['lowercased', 'preserved'],
    default: 'lowercased',
  },
  linkedIdentityLookup: {
    what: 'How the subject of a sign-in is compared with the subject of a link.',
    source: 'Developer Guide: user-pool-case-sensitivity; awslabs/service-workbench-on-aws#605',
    positions: ['caseSensitive', 'fold'],
    default: 'caseSensitive',
  },
  emailCasing: {
    what: 'Whether a case-insensitive pool stores addresses lowercased, or only shows them so.',
    source: 'Developer Guide: user-pool-case-sensitivity (the output rule; storage is not documented)',
    positions: ['storedLowercase', 'shownLowercase'],
    default: 'storedLowercase',
  },
  listUsersEmailFilter: {
    what: 'The case rule of ListUsers filters on addresses and names.',
    source: 'Developer Guide: how-to-manage-user-accounts; ministackorg/ministack#1465',
    positions: ['asPool', 'alwaysFold', 'alwaysExact'],
    default: 'asPool',
  },
  listUsersLagMs: {
    what: 'How far ListUsers lags behind writes (new users and changed attributes; deletions show at once).',
    source: 'API reference: ListUsers (eventually consistent)',
    positions: 'milliseconds',
    default: 0,
  },
  unmappedEmailVerified: {
    what: 'What a federated sign-in does to `email_verified` when the provider does not map it.',
    source: 'aws-amplify/amplify-js#7300, aws-amplify/amplify-js#11565',
    positions: ['setFalse', 'untouched'],
    default: 'setFalse',
  },
  immutableMappedEqualValue: {
    what: 'A federated sign-in that maps an equal value onto an immutable attribute.',
    source: 'aws-amplify/amplify-js#3526, aws-solutions/aws-centralized-logging#18',
    positions: ['error', 'skip'],
    default: 'error',
  },
  externalAutoFlags: {
    what: 'What autoConfirmUser and autoVerifyEmail do for a federated user.',
    source: 'aws-amplify/amplify-js#5117, KensioSoftware/yulin#1175',
    positions: ['verifyWhenUnmapped', 'applyBoth', 'ignoreBoth'],
    default: 'verifyWhenUnmapped',
  },
  postConfirmationWhenLinked: {
    what: 'Whether PostConfirmation runs for the sign-in whose PreSignUp made a link (only seen when that sign-in succeeds).',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers (silent on this case)',
    positions: ['notFired', 'fired'],
    default: 'notFired',
  },
  preStagedLinkFirstSignIn: {
    what: 'Which triggers the very first sign-in through a link made beforehand runs.',
    source: 'aws-amplify/amplify-flutter#1716',
    positions: ['asReturning', 'asFirstWithoutPreSignUp'],
    default: 'asReturning',
  },
  destinationStatus: {
    what: 'A FORCE_CHANGE_PASSWORD user at the first sign-in through a link.',
    source: 'awslabs/service-workbench-on-aws#605',
    positions: ['becomesExternalProvider', 'unchanged'],
    default: 'becomesExternalProvider',
  },
  preSignUpOrder: {
    what: 'Whether SignUp runs PreSignUp before it looks whether the user exists.',
    source: 'amazon-archives/amazon-cognito-auth-js#207',
    positions: ['triggerFirst', 'checkFirst'],
    default: 'triggerFirst',
  },
  adminCreateTakenAlias: {
    what: 'AdminCreateUser with a verified address that another user holds as alias.',
    source: 'boto/boto3#3213; API reference: AdminCreateUser',
    positions: ['UsernameExistsException', 'AliasExistsException'],
    default: 'UsernameExistsException',
  },
  providerGroup: {
    what: 'Who is put into the group `<poolId>_<Provider>` that Cognito makes by itself.',
    source: 'aws-amplify/aws-sdk-android#1066',
    positions: ['standaloneOnly', 'alsoLinked'],
    default: 'standaloneOnly',
  },
  throttling: {
    what: 'Whether the default request quotas per second are enforced.',
    source: 'Developer Guide: quotas',
    positions: ['off', 'quotas'],
    default: 'off',
  },
  inboundFederationKeys: {
    what: 'How the keys of userAttributesToMap are read: as pool attributes first, or as names of the provider only.',
    source: 'Developer Guide: user-pool-lambda-inbound-federation (its examples mix both)',
    positions: ['poolNamesWin', 'idpNamesOnly'],
    default: 'poolNamesWin',
  },
  linkInInboundFederation: {
    what: 'Whether a link that the InboundFederation trigger makes counts for this very sign-in.',
    source: 'Developer Guide: user-pool-lambda-inbound-federation (silent on links)',
    positions: ['yes', 'no'],
    default: 'yes',
  },
  attemptLimits: {
    what: 'Limits per user: wrong passwords lock for a doubling time, codes may be asked for and tried so often an hour. `lowest` takes the lower end where a range is documented.',
    source: 'Developer Guide: quotas; Developer Guide: authentication (lockout behavior)',
    positions: ['documented', 'lowest', 'off'],
    default: 'documented',
  },
  verifiedFlagAlone: {
    what: 'AdminUpdateUserAttributes with email_verified (or phone_number_verified) true alone, while a new value waits for its code.',
    source:
      'API reference: AdminUpdateUserAttributes; API reference: UserAttributeUpdateSettingsType (silent on this case)',
    positions: ['ignored', 'promotesPending'],
    default: 'ignored',
  },
  keepOriginalMessage: {
    what: 'Which address CustomMessage sees while a new one waits for its code.',
    source: 'Developer Guide: user-pool-lambda-custom-message (silent on this case)',
    positions: ['original', 'pending'],
    default: 'original',
  },
  customMessageBesideSender: {
    what: 'Whether CustomMessage runs where a custom sender delivers.',
    source: 'Developer Guide: user-pool-lambda-custom-email-sender (silent on this case)',
    positions: ['notRun', 'run'],
    default: 'notRun',
  },
  customMessageForEmailCode: {
    what: 'Whether CustomMessage runs for a code that is sent by e-mail at sign-in.',
    source: 'Developer Guide: user-pool-lambda-custom-message (its table names multi-factor authentication only)',
    positions: ['run', 'notRun'],
    default: 'run',
  },
  migrationWelcome: {
    what: 'Whether the welcome message of a migrated user runs CustomMessage_AdminCreateUser, as an invitation does.',
    source: 'Developer Guide: user-pool-lambda-migrate-user (messageAction; silent on the trigger)',
    positions: ['withoutTrigger', 'asInvitation'],
    default: 'withoutTrigger',
  },
  cookieAuthTime: {
    what: 'Whether a sign-in that the hosted cookie answers moves `auth_time`.',
    source: 'Developer Guide: authorization-endpoint (silent on this case); OpenID Connect Core 1.0, section 2',
    positions: ['moves', 'stays'],
    default: 'moves',
  },
  promptParameter: {
    what: 'Whether /oauth2/authorize reads `prompt`: managed login does, the classic hosted UI does not.',
    source: 'Developer Guide: authorization-endpoint; Developer Guide: cognito-user-pools-managed-login',
    positions: ['read', 'ignored'],
    default: 'read',
  },
  rotationAuthTime: {
    what: 'Whether a refresh that rotates the refresh token moves `auth_time`.',
    source: 'authts/oidc-client-ts#2107; OpenID Connect Core 1.0, section 12.2',
    positions: ['stays', 'moves'],
    default: 'stays',
  },
  globalSignOutCookie: {
    what: 'Whether the hosted cookie survives GlobalSignOut and AdminUserGlobalSignOut.',
    source: 'API reference: AdminUserGlobalSignOut; API reference: GlobalSignOut',
    positions: ['survives', 'ends'],
    default: 'survives',
  },
  getTokensSource: {
    what: 'The trigger source that PreTokenGeneration sees for GetTokensFromRefreshToken.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers (its table contradicts its text)',
    positions: ['TokenGeneration_Authentication', 'TokenGeneration_RefreshTokens'],
    default: 'TokenGeneration_Authentication',
  },
} as const satisfies Record<string, QuirkDefinition>

export type QuirkName = keyof typeof QUIRKS
type Position<N extends QuirkName> = (typeof QUIRKS)[N]['positions'] extends readonly (infer P)[] ? P : number
export type Quirks = { readonly [N in QuirkName]: Position<N> }
export type QuirkSettings = { readonly [N in QuirkName]?: Position<N> }

function isPosition(name: QuirkName, value: unknown): boolean {
  const { positions }: QuirkDefinition = QUIRKS[name]
  if (positions === 'milliseconds') return typeof value === 'number' && Number.isFinite(value) && value >= 0
  return typeof value === 'string' && positions.includes(value)
}

function areSettings(given: JsonRecord): given is QuirkSettings {
  return Object.entries(given).every(([name, value]) => isQuirkName(name) && isPosition(name, value))
}

function isQuirkName(name: string): name is QuirkName {
  return Object.hasOwn(QUIRKS, name)
}

/** Parses settings from outside. A misspelt switch must not silently keep its default. */
export function parseQuirks(given: unknown): QuirkSettings {
  if (!isRecord(given)) throw new TypeError('Quirks are an object of switch names and positions.')
  if (areSettings(given)) return given
  const unknown = Object.keys(given).find((name) => !isQuirkName(name))
  if (unknown !== undefined) throw new TypeError(`There is no quirk named ${JSON.stringify(unknown)}.`)
  const name = Object.keys(given).find((key) => isQuirkName(key) && !isPosition(key, given[key]))
  throw new TypeError(name && isQuirkName(name) ? misplaced(name) : 'Quirks are switch names and positions.')
}

function misplaced(name: QuirkName): string {
  const { positions }: QuirkDefinition = QUIRKS[name]
  return `The quirk ${name} takes ${positions === 'milliseconds' ? 'a number of milliseconds' : `one of: ${positions.join(', ')}`}.`
}

function defaults(): Quirks {
  const entries = Object.entries(QUIRKS).map(([name, quirk]) => [name, quirk.default])
  return Object.fromEntries(entries)
}

export interface ChangedQuirks {
  readonly everywhere: QuirkSettings
  readonly ofPools: Readonly<Record<string, QuirkSettings>>
}

/** The current positions, for all pools and for single pools. */
export class QuirkStore {
  readonly #initial: QuirkSettings
  #shared: Quirks
  readonly #ofPool = new Map<string, QuirkSettings>()

  constructor(initial: QuirkSettings = {}) {
    this.#initial = parseQuirks(initial)
    this.#shared = { ...defaults(), ...this.#initial }
  }

  get(poolId?: string): Quirks {
    const own = poolId === undefined ? undefined : this.#ofPool.get(poolId)
    return own ? { ...this.#shared, ...own } : this.#shared
  }

  set(settings: QuirkSettings, poolId?: string): void {
    const parsed = parseQuirks(settings)
    if (poolId === undefined) this.#shared = { ...this.#shared, ...parsed }
    else this.#ofPool.set(poolId, { ...this.#ofPool.get(poolId), ...parsed })
  }

  /** Only what differs from the defaults, so that a snapshot takes a default that is corrected later. */
  changed(): ChangedQuirks {
    const standard = new Map<string, unknown>(Object.entries(defaults()))
    const changed = Object.entries(this.#shared).filter(([name, value]) => standard.get(name) !== value)
    return { everywhere: Object.fromEntries(changed), ofPools: Object.fromEntries(this.#ofPool) }
  }

  replaceAll({ everywhere, ofPools }: ChangedQuirks): void {
    this.#shared = { ...defaults(), ...everywhere }
    this.#ofPool.clear()
    for (const [poolId, settings] of Object.entries(ofPools)) this.set(settings, poolId)
  }

  reset(): void {
    this.#shared = { ...defaults(), ...this.#initial }
    this.#ofPool.clear()
  }
}

export interface QuirksContext {
  readonly quirks: QuirkStore
}

export const quirksOf = ({ quirks }: QuirksContext, pool: { readonly id: string }): Quirks => quirks.get(pool.id)
