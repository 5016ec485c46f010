import {
  type CallbackResult,
  createSignIn,
  lastSignInMethod,
  onSignedOutElsewhere,
  type ResumeResult,
  resumeSignUp,
  signOut,
  type Tokens,
} from '../../../packages/onesub/src/browser/index.ts'
import { clientId, domain, emulator, logoutUri, redirectUris, userPoolId } from './settings.ts'

const signIn = createSignIn({
  domain,
  clientId,
  redirectUris,
  returnPaths: ['/orders', '/account'],
  rememberSignInMethod: true,
})

/** In memory and nowhere else. */
let tokens: Tokens | undefined

/** `provider` is a provider's name in the user pool; the one that was used last time may stand first. */
export const continueWith = (provider: string, returnTo?: string) => signIn.start({ provider, returnTo })
export const usedLastTime = () => lastSignInMethod(['Google', 'SignInWithApple'])

/** From the account page, before it links or unlinks a sign-in method: the user signs in once more. */
export const signInAgain = (provider: string) => signIn.start({ provider, fresh: true, returnTo: '/account' })

/** From the account page: whose Google account is this? The tokens that come back are the proof for your API. */
export const addSignInMethod = (provider: string) => signIn.start({ provider, purpose: 'link', returnTo: '/account' })

/** For a user who left before the code: the address where the pool takes those as user names, else the user name. */
export const resume = (userName: string): Promise<ResumeResult> =>
  resumeSignUp({ userPoolId, clientId, userName, endpoint: emulator })

/** On every page, before anything is shown. */
export async function arrive(): Promise<CallbackResult> {
  const result = await signIn.callback()
  if (result.kind === 'signed-in' && result.purpose === 'sign-in') tokens = result.tokens
  return result
}

/** What to show for it; signed in, go to `result.returnTo`. */
export function messageFor(result: CallbackResult): string {
  switch (result.kind) {
    case 'refused':
      return result.refusal.says
    case 'retry-by-click':
      return 'One more click, and you are in.' // a button that calls result.again()
    case 'foreign':
      return 'This link belongs to another browser. Please sign in here.'
    case 'none':
    case 'cancelled':
    case 'retrying':
    case 'signed-in':
      return ''
  }
}

export const leave = () =>
  signOut({ domain, clientId, logoutUri, refreshToken: tokens?.refreshToken, databases: ['orders'] })

export const whenSignedOutElsewhere = (showSignIn: () => void) =>
  onSignedOutElsewhere(clientId, () => {
    tokens = undefined
    showSignIn()
  })
