import type { Time } from '../core/time.ts'

export const systemTime: Time = {
  now: Date.now,
  after(ms, callBack) {
    const timer = setTimeout(callBack, ms)
    return () => clearTimeout(timer)
  },
}
