import { describe, expect, it, onTestFinished } from 'vitest'
import type { Flow } from '../../packages/onesub/src/registry/testing/test-store.ts'
import {
  confirms,
  googleArrives,
  POOL_ID,
  signUp,
  subOf,
  triggerEvent,
} from '../../packages/onesub/src/triggers/testing/events.ts'
import { outcome, testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { STORE_NAMES, STORES } from './stores.ts'

const EMAIL = 'ada@example.com'

const tokenEvent = (source: string) =>
  triggerEvent({
    source,
    userName: 'ada',
    attributes: { sub: subOf('ada'), 'cognito:user_status': 'CONFIRMED', email: EMAIL, email_verified: 'true' },
  })

/** One after the other, since each finds what the former ones have written. */
const EVENTS: Readonly<Record<Flow, () => object>> = {
  signUp: () => signUp('ada', EMAIL),
  confirmation: () => confirms('ada', EMAIL),
  refusedSignUp: () => signUp('eve', EMAIL),
  signIn: () => tokenEvent('PostAuthentication_Authentication'),
  firstToken: () => tokenEvent('TokenGeneration_Authentication'),
  laterToken: () => tokenEvent('TokenGeneration_RefreshTokens'),
  link: () => googleArrives(),
}

const measured = STORE_NAMES.filter((name) => STORES[name].roundTrips)

describe.each(measured)('round trips: %s', (name) => {
  const { title, skipped, start, roundTrips } = STORES[name]

  it.skipIf(skipped !== undefined)(`each flow asks ${title} as often as its entry says`, async () => {
    const running = await start()
    onTestFinished(() => running.stop())
    const { open, calls } = await running.create({ events: false })
    if (!calls) throw new Error(`${title} does not count its calls.`)
    const registry = await open()
    // Once for each registry, whoever signs up first.
    await registry.admit?.(POOL_ID)
    const { handler } = testPool({ registry })
    const counted: Partial<Record<Flow, number>> = {}
    for (const [flow, event] of Object.entries(EVENTS)) {
      const before = calls()
      const result = await outcome(handler(event()))
      expect(result, flow).toBe(flow === 'refusedSignUp' ? 'IDENTIFIER_TAKEN' : 'let in')
      Object.assign(counted, { [flow]: calls() - before })
    }
    expect(counted).toEqual(roundTrips)
  })
})
