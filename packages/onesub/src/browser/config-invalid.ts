/**
 * A set-up error with the way out in its message. It looks from outside as `OnesubError` does (`code` is what to compare), without bringing
 * the whole catalogue, whose hints are for servers, into every bundle.
 */
export function configInvalid(detail: string): Error {
  const outside = { name: 'OnesubError', code: 'CONFIG_INVALID', retry: false } as const
  return Object.assign(new Error(`onesub/CONFIG_INVALID: ${detail}`), outside)
}
