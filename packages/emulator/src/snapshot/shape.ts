import { isRecord, isText, type JsonRecord } from '../shared/json.ts'

/** The expected type of a JSON value. `fault` finds the path of the first value that does not fit. */
export interface Shape<T> {
  fault(value: unknown, at: string): string | undefined
  /** Never set; it exists for the type only. */
  readonly type?: T
}

export function parseAs<T>(shape: Shape<T>, value: unknown, what: string): T {
  if (fits(shape, value)) return value
  throw new TypeError(`${what} is malformed at ${shape.fault(value, '') || 'its top'}.`)
}

function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape.fault(value, '') === undefined
}

function simple<T>(is: (value: unknown) => value is T): Shape<T> {
  return { fault: (value, at) => (is(value) ? undefined : at) }
}

export const text = simple(isText)
export const flag = simple((value): value is boolean => typeof value === 'boolean')
export const number = simple((value): value is number => typeof value === 'number' && Number.isFinite(value))
export const anyRecord: Shape<JsonRecord> = simple(isRecord)
export const base64 = simple((value): value is string => isText(value) && /^[A-Za-z0-9+/]+={0,2}$/u.test(value))

export function oneOf<const T>(...choices: readonly T[]): Shape<T> {
  return simple((value): value is T => choices.some((choice) => choice === value))
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { fault: (value, at) => (value === undefined ? undefined : shape.fault(value, at)) }
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    fault: (value, at) =>
      Array.isArray(value) ? first(value, (item, index) => shape.fault(item, `${at}[${index}]`)) : at,
  }
}

/** Keys may be user data, so an error gives their index and not their text. */
export function dictionary<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    fault: (value, at) =>
      isRecord(value) ? first(Object.values(value), (item, index) => shape.fault(item, `${at}{${index}}`)) : at,
  }
}

type Fields = Readonly<Record<string, Shape<unknown>>>
type Typed<F extends Fields> = { readonly [K in keyof F]: F[K] extends Shape<infer T> ? T : never }

export function record<F extends Fields>(fields: F): Shape<Typed<F>> {
  const entries = Object.entries(fields)
  return {
    fault: (value, at) =>
      isRecord(value)
        ? first(entries, ([name, shape]) => shape.fault(value[name], at === '' ? name : `${at}.${name}`))
        : at,
  }
}

function first<T>(items: readonly T[], faultOf: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const fault = faultOf(item, index)
    if (fault !== undefined) return fault
  }
  return undefined
}
