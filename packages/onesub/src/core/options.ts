import { OnesubError } from './errors.ts'

/** What a JavaScript user, or a file, may have given in the place of the options that the compiler would have asked for. */

export function configInvalid(detail: string): OnesubError {
  return new OnesubError('CONFIG_INVALID', { detail })
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether it can be called under each of these names. */
export function has(value: unknown, ...calls: readonly string[]): boolean {
  return calls.every((call) => typeof Object(value)[call] === 'function')
}

/**
 * The first name that is none of the known ones, as the end of a sentence, with the first known one that begins alike: it may belong elsewhere,
 * so that it has its place before it.
 */
export function unknownName(given: object, known: readonly string[]): string | undefined {
  const name = Object.keys(given).find((one) => !known.includes(one))
  if (name === undefined) return undefined
  const shared = known.map((one) => sharedStart(name, one.replace(/.*\./, '')))
  const most = Math.max(...shared)
  // Of two that begin alike, the one that is as long as what was written.
  const [meant] = known
    .filter((_, at) => shared[at] === most)
    .toSorted((a, b) => Math.abs(a.length - name.length) - Math.abs(b.length - name.length))
  return most < ENOUGH_LETTERS ? `"${name}".` : `"${name}". Did you mean "${meant}"?`
}

const ENOUGH_LETTERS = 3

function sharedStart(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()]
  const end = [...one].findIndex((letter, at) => letter !== other[at])
  return end === -1 ? one.length : end
}

/** Throws `CONFIG_INVALID` for an option that does not exist: with a name misspelt, one that protects would be missing silently. */
export function refuseUnknown(options: object, known: Readonly<Record<string, true>>): void {
  const unknown = unknownName(options, Object.keys(known))
  if (unknown !== undefined) throw configInvalid(`There is no option ${unknown}`)
}

/** Why it cannot be the option `registry`, for whoever has not opened one. */
export function notARegistry(given: unknown): OnesubError {
  const kind = has(given, 'then') ? 'a promise' : typeof given === 'function' ? 'a function' : 'none'
  return configInvalid(
    `"registry" is ${kind}: await one of onesub/registry/…, or give createLazyRegistry(() => open…Registry({ … })) of onesub/registry.`,
  )
}
