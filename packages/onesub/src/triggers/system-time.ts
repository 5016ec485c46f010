import { afterMs, type Time } from '../core/time.ts'

export const systemTime: Time = { now: Date.now, after: afterMs }
