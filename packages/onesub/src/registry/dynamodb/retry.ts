import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryOptions {
  /** From 0 up to, not including, 1. @default Math.random */
  readonly random?: () => number
  /** @default a timer */
  readonly wait?: (ms: number) => Promise<unknown>
}

export type Retry = <T>(call: () => Promise<T>, isTransient: (error: unknown) => boolean) => Promise<T>

const TRIES = 3
const FIRST_PAUSE_MS = 50

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that writers that collided do not collide again. */
export function retrying({ random = Math.random, wait = sleep }: RetryOptions): Retry {
  return async (call, isTransient) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await call()
      } catch (error) {
        if (tried === TRIES || !isTransient(error)) throw error
        await wait(random() * FIRST_PAUSE_MS * 2 ** tried)
      }
    }
  }
}
