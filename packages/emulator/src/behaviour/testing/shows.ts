import { afterAll, beforeAll, it } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator, type TriggerFunction } from '../../index.ts'
import { type Given, type OpenPool, openPool } from '../../testing/open-pool.ts'
import { type BehaviourId, CATALOGUE } from '../catalogue.ts'

/** A test of one entry, with the entry's id and sentence as its title. */
export function shows(id: BehaviourId, check: () => Promise<void>): void {
  it(`[${id}] ${CATALOGUE[id].says}`, check)
}

export const GOOGLE = { email: 'email', email_verified: 'email_verified', name: 'name' }
export const ADA = { id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true, name: 'Ada' }
export const EMAIL = { email: 'ada@example.com' }
export const INSENSITIVE = { UsernameConfiguration: { CaseSensitive: false } }

export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

/** One emulator for a file of tests. `wait` moves its clock forward. */
export function useSuite(options: EmulatorOptions = {}) {
  let started: Emulator | undefined
  let ahead = 0
  let handlers = 0
  beforeAll(async () => {
    started = await startEmulator({ personas: [ADA], clock: () => Date.now() + ahead, ...options })
  })
  afterAll(() => started?.close())
  const emulator = () => {
    if (!started) throw new Error('The emulator is not running yet.')
    return started
  }
  const open = (given: Given = {}): Promise<OpenPool> => openPool(emulator(), given)
  return {
    emulator,
    open,
    wait: (ms: number) => {
      ahead += ms
    },
    /** A pool whose named triggers are this one function. */
    triggered: (slots: readonly string[], handler: TriggerFunction, given: Given = {}): Promise<OpenPool> => {
      handlers += 1
      const name = `handler-${handlers}`
      emulator().setTrigger(name, handler)
      const LambdaConfig = Object.fromEntries(slots.map((slot) => [slot, arnOf(name)]))
      return open({ ...given, pool: { ...given.pool, LambdaConfig } })
    },
    eventsOf: ({ UserPoolId }: OpenPool) =>
      emulator()
        .triggerCalls()
        .filter((call) => call.userPoolId === UserPoolId),
  }
}
