export const UNITS = ['kg', 'reps', 'km', 'min'] as const

/** A result that somebody is proud of. */
export interface NewRecord {
  readonly exercise: string
  readonly amount: number
  readonly unit: (typeof UNITS)[number]
  /** The day it was done, as `2026-05-31`. */
  readonly day: string
}

export interface TrainingRecord extends NewRecord {
  readonly id: string
}

/** Undefined for anything that is not the whole of a record. */
export function newRecordIn(body: unknown): NewRecord | undefined {
  const { exercise, amount, unit, day }: Partial<Record<keyof NewRecord, unknown>> = Object(body)
  const known = UNITS.find((one) => one === unit)
  const isNamed = typeof exercise === 'string' && exercise.trim() !== '' && exercise.length <= 80
  const isCounted = typeof amount === 'number' && amount > 0 && amount < 1_000_000
  const isDated = typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day)
  return isNamed && isCounted && isDated && known ? { exercise: exercise.trim(), amount, unit: known, day } : undefined
}
