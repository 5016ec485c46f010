import { inspect } from 'node:util'
import type { Registry } from 'onesub'
import { createTriggerHandler } from 'onesub/triggers'
import { createIdentityVerifier } from 'onesub/verify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAccountService } from '../../packages/onesub/src/account/index.ts'
import { CATALOGUE } from '../../packages/onesub/src/core/errors.ts'
import { userPoolThat } from '../../packages/onesub/src/core/testing/user-pool.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { CLIENT_ID, POOL_ID, triggerEvent } from '../../packages/onesub/src/triggers/testing/events.ts'
import { testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { TRIGGER_SOURCES } from '../../packages/onesub/src/triggers/trigger-sources.ts'

afterEach(() => void vi.restoreAllMocks())

/** All that is printed while something runs, as `console` was given it. */
function printing(): readonly unknown[][] {
  const printed: unknown[][] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...given) => void printed.push(given))
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((given) => printed.push([given]) > 0)
  }
  return printed
}

/** An event whose every free text is this one. */
function eventOf(source: string, text: string) {
  const federated = source.includes('ExternalProvider')
  const event = triggerEvent({
    source,
    userName: federated ? `Google_${text}` : text,
    attributes: {
      sub: text,
      email: text,
      email_verified: text,
      phone_number: text,
      name: text,
      identities: text,
      'cognito:user_status': text,
      'custom:hd': text,
    },
    response: { note: text },
  })
  const idToken = { sub: text, email: text, hd: text }
  const attributes = { idToken, userInfo: { email: text }, tokenResponse: { access_token: text } }
  const more = { password: text, codeParameter: text, linkParameter: text, attributes, providerName: 'Google' }
  return {
    ...event,
    request: {
      ...event.request,
      ...more,
      clientMetadata: { [text]: text, 'onesub-placeholder': text },
      validationData: { [text]: text },
      groupConfiguration: { groupsToOverride: [text], preferredRole: text },
    },
  }
}

/** A store that is up, and one that fails in words that name whom it failed for. */
const STORES: Readonly<Record<string, (text: string) => Registry>> = {
  up: () => createMemoryRegistry(),
  down: (text) => {
    const fail = async () => {
      throw Object.assign(new Error(text), { name: 'ConditionalCheckFailed', Item: { email: text } })
    }
    return { facts: fail, commit: fail, resolve: fail, person: fail }
  },
}

const WORDS = new Set<unknown>([
  ...Object.keys(TRIGGER_SOURCES),
  ...Object.keys(CATALOGUE),
  ...['unknown', 'enforce', 'observe', 'enumeration-safe'],
  ...[
    'create-person',
    'existing-person',
    'link-identity',
    'pending',
    'refused',
    'named',
    'unnamed',
    'repaired',
    'passes',
  ],
])

/** Where something is decided, and one source where nothing is. */
const DECIDED = Object.entries(TRIGGER_SOURCES).flatMap(([source, moment]) => (moment === 'passes' ? [] : [source]))
DECIDED.push('UserMigration_Authentication')

describe.each(Object.keys(STORES))('what a trigger prints while its store is %s', (store) => {
  const handlerFor = (text: string) => {
    const fail = async () => {
      throw new TypeError(text)
    }
    return createTriggerHandler({
      userPoolId: POOL_ID,
      clientIds: [CLIENT_ID],
      registry: STORES[store]?.(text) ?? createMemoryRegistry(),
      userPool: userPoolThat(fail),
      policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
    })
  }

  it('T54: is one line of JSON a run, of our own words, whatever code points stand in every field of the event', async () => {
    const printed = printing()
    let runs = 0
    // So few at a time that the event is not refused for its size before its fields are read.
    for (let first = 0; first <= 0x10ffff; first += 500) {
      const codePoints = Array.from({ length: 500 }, (_, at) => Math.min(first + at, 0x10ffff))
      const text = codePoints.map((codePoint) => String.fromCodePoint(codePoint)).join('')
      await handlerFor(text)(eventOf(DECIDED[runs % DECIDED.length] ?? '', text)).catch(() => undefined)
      runs += 1
    }
    expect(printed.length).toBeGreaterThanOrEqual(runs)
    expect(JSON.stringify(printed)).not.toContain('too large')
    for (const given of printed) {
      const [line, ...more] = given
      expect(more).toEqual([])
      expect(line).toMatch(/^[ -~]+$/)
      const { onesub, ...rest }: { onesub: Record<string, unknown> } = JSON.parse(String(line))
      expect(rest).toEqual({})
      const { detail, ...words } = onesub
      expect(Object.values(words).filter((word) => !WORDS.has(word))).toEqual([])
      expect(String(detail ?? '')).toMatch(/^[\w: -]*$/)
    }
  })

  it('T130: holds nothing of the event, nor of the store’s words; neither does what it throws', async () => {
    const canary = 'canary-7f3a@example.com'
    const printed = printing()
    const thrown: unknown[] = []
    for (const source of [...Object.keys(TRIGGER_SOURCES), canary]) {
      for (const event of [
        eventOf(source, canary),
        { ...eventOf(source, canary), userPoolId: canary },
        { [canary]: canary },
      ]) {
        await handlerFor(canary)(event).catch((error: unknown) => thrown.push(error))
      }
    }
    expect(thrown.length).toBeGreaterThan(10)
    expect(printed.length).toBeGreaterThan(20)
    for (const error of thrown) {
      const { cause: _kept, ...shown } = Object.getOwnPropertyDescriptors(error)
      const forms = [
        String(error),
        `${error}`,
        JSON.stringify(error),
        lambdaLineOf(error),
        inspect(shown, { depth: 9 }),
      ]
      expect(forms.join('\n')).not.toContain('canary')
      expect(error instanceof Error && error.stack).not.toContain('canary')
    }
    expect(JSON.stringify(printed)).not.toContain('canary')
  })
})

/** What the Lambda runtime prints of an error: its own fields, which the cause is none of (aws-lambda-nodejs-runtime-interface-client, Errors). */
function lambdaLineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, ...error, stack: error.stack })
}

it('T130: the account page and the verifier say nothing of the token that they refuse', async () => {
  const printed = printing()
  const { registry } = testPool()
  const fail = async () => {
    throw new Error('not asked')
  }
  const pools = [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }] as const
  const verify = createIdentityVerifier({ pools })
  const account = createAccountService({
    verifyAccess: verify,
    verifyId: createIdentityVerifier({ pools, tokenUse: 'id' }),
    registry,
    userPool: userPoolThat(fail),
    secret: 'a secret of thirty-two characters or more',
  })
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${part({ alg: 'RS256', kid: 'canary' })}.${part({ iss: 'https://canary.test', email: 'canary@x.test' })}.canary`
  const calls = [
    () => account.signInMethods(token),
    () => account.offerLink({ accessToken: token, additionIdToken: token }),
    () => account.acceptLink({ accessToken: token, proof: token }),
    () => account.unlink({ accessToken: token, provider: 'canary', subject: 'canary' }),
    () => account.startSeparatePerson(token),
  ]
  for (const call of calls) {
    const error: unknown = await call().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'TOKEN_INVALID' })
    expect(inspect(error, { depth: 9 })).not.toMatch(/canary|Y2FuYXJ5/)
  }
  expect(printed).toEqual([])
})
