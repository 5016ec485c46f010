import { storeOfTab } from './host.ts'

export type Purpose = 'sign-in' | 'link'

/** A sign-in under way, kept for this tab while the browser is elsewhere. No address is in it, and no token. */
export interface Flow {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
  readonly provider: string
  readonly returnTo: string
  readonly purpose: Purpose
  /** It was started over once: not again. */
  readonly again: boolean
  /** The user was asked to sign in again; each flow that follows from this one asks for it too. */
  readonly fresh: boolean
}

const keyOf = (clientId: string) => `onesub.${clientId}.flow`

export function keepFlow(clientId: string, flow: Flow): void {
  storeOfTab().setItem(keyOf(clientId), JSON.stringify(flow))
}

/** Gives the flow with this state, and to one caller only. Any other state leaves it where it is: a stranger must not end it. */
export function takeFlow(clientId: string, state: string | undefined): Flow | undefined {
  const flow = parseFlow(storeOfTab().getItem(keyOf(clientId)))
  if (!flow || flow.state !== state) return undefined
  storeOfTab().removeItem(keyOf(clientId))
  return flow
}

const TEXTS = ['state', 'nonce', 'verifier', 'redirectUri', 'provider', 'returnTo'] as const
const PURPOSES: readonly unknown[] = ['sign-in', 'link'] satisfies readonly Purpose[]

function parseFlow(text: string | null): Flow | undefined {
  try {
    const flow: unknown = JSON.parse(text ?? '')
    return isFlow(flow) ? flow : undefined
  } catch {
    return undefined
  }
}

function isFlow(value: unknown): value is Flow {
  if (typeof value !== 'object' || value === null) return false
  return (
    TEXTS.every((name) => typeof Reflect.get(value, name) === 'string') &&
    [Reflect.get(value, 'again'), Reflect.get(value, 'fresh')].every((flag) => typeof flag === 'boolean') &&
    PURPOSES.includes(Reflect.get(value, 'purpose'))
  )
}
