import { randomText } from './pkce.ts'
import { clearTraces } from './traces.ts'

const channelOf = (clientId: string) => new BroadcastChannel(`onesub.${clientId}`)

// The tab that informs the others receives its own message on a second channel.
let own: string | undefined
const ownName = () => {
  own ??= randomText()
  return own
}

export function tellOtherTabs(clientId: string): void {
  // Browsers that cannot tell other tabs (Safari before 15.4) still sign out this one.
  if (typeof BroadcastChannel === 'undefined') return
  const channel = channelOf(clientId)
  channel.postMessage({ signedOutBy: ownName() })
  channel.close()
}

/**
 * Calls back when the user signs out in another tab of this browser, with what this tab kept cleared: drop the tokens and leave.
 * Gives back a function that stops listening.
 */
export function onSignedOutElsewhere(clientId: string, callback: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => {}
  const channel = channelOf(clientId)
  channel.onmessage = ({ data }) => {
    const by: unknown = Reflect.get(Object(data), 'signedOutBy')
    if (typeof by !== 'string' || by === ownName()) return
    clearTraces(clientId, true)
    callback()
  }
  return () => channel.close()
}
