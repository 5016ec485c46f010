import { pageHistory, pageLocation } from './host.ts'

const NAMES = ['code', 'state', 'error', 'error_description'] as const

/** What an authorisation server has put on a URL; undefined where there is nothing of the kind. */
export interface CallbackParameters {
  readonly code: string | undefined
  readonly state: string | undefined
  readonly error: string | undefined
  readonly description: string
}

export function callbackParameters(url: URL): CallbackParameters | undefined {
  const query = url.searchParams
  const code = query.get('code') ?? undefined
  const error = query.get('error') ?? undefined
  const description = query.get('error_description') ?? undefined
  if ((code ?? error ?? description) === undefined) return undefined
  return {
    code,
    error: error ?? (description && 'server_error'),
    state: query.get('state') ?? undefined,
    description: description ?? '',
  }
}

/** At once, before anything is awaited: neither the history nor a referrer may keep a code, a state, or a stranger's text. */
export function cleanAddress(): void {
  const url = new URL(pageLocation().href)
  for (const name of NAMES) url.searchParams.delete(name)
  pageHistory().replaceState(pageHistory().state, '', `${url.pathname}${url.search}${url.hash}`)
}
