import type { JsonRecord } from '../shared/json.ts'
import type { MovableClock } from '../shared/movable-clock.ts'

/** `{ "advanceMs": 60000 }` or `{ "now": "2026-01-01T00:00:00Z" }`. */
export function moveClock(time: MovableClock, { advanceMs, now }: JsonRecord): void {
  const moment = typeof now === 'string' ? Date.parse(now) : now
  if (isMoment(advanceMs) && now === undefined) time.advance(advanceMs)
  else if (isMoment(moment) && advanceMs === undefined) time.set(moment)
  else throw new TypeError('Give either advanceMs, a number, or now: a date, or milliseconds since the epoch.')
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
