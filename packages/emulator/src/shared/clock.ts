/** Milliseconds since the epoch. */
export type Clock = () => number

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** AWS JSON timestamps are epoch seconds with a fraction (AWS JSON 1.1 protocol; aws/aws-cli#2264). */
export const epochSeconds = (milliseconds: number) => milliseconds / SECOND

export interface ClockContext {
  readonly clock: Clock
}
