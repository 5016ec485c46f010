import { Amplify } from 'aws-amplify'
import * as auth from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { type CallbackResult, createSignIn, onSignedOutElsewhere, signOut, type Tokens } from 'onesub/browser'
import type { Config } from './config.ts'

/** Who is signed in, as the ID token says: enough for a greeting, and not for a decision. */
export interface SignedIn {
  /** The address; empty where the pool has none. */
  readonly address: string
  readonly userName: string
  /** The providers of the user in the pool, or linked to it. */
  readonly providers: readonly string[]
  /** Epoch milliseconds. A refreshed token keeps it. */
  readonly signedInAt: number
}

/** What a password sign-in leads to. */
type Entry = 'in' | 'confirm-address' | 'new-password'

export interface Session {
  /** On every page load, before anything is shown. */
  arrive(): Promise<CallbackResult>
  current(): Promise<SignedIn | undefined>
  /** New tokens, which say what has changed since. */
  refresh(): Promise<void>
  tokens(): Promise<{ readonly accessToken: string; readonly idToken: string } | undefined>
  signUp(address: string, password: string): Promise<void>
  confirm(address: string, code: string): Promise<void>
  sendCodeAgain(address: string): Promise<void>
  signIn(address: string, password: string): Promise<Entry>
  /** Sends a code to the proven address of this user. */
  askForReset(userName: string): Promise<void>
  reset(userName: string, code: string, password: string): Promise<void>
  /** The page goes away. */
  continueWith(provider: string): Promise<void>
  /** The page goes away, and comes back with tokens of the second sign-in method; the session stays as it is. */
  addWayIn(provider: string): Promise<void>
  /** The page goes away, and nothing of the user is left on this browser. */
  leave(): Promise<void>
  /** The user has signed out in another tab. */
  onLeft(callback: () => void): () => void
}

/** Amplify holds the session; the redirects to Google and Facebook are `onesub/browser`'s, which asks once more where Cognito wants that. */
export function openSession({ userPoolId, clientId, domain, endpoint }: Config): Session {
  const Cognito = {
    userPoolId,
    userPoolClientId: clientId,
    ...(endpoint !== undefined && { userPoolEndpoint: endpoint }),
  }
  Amplify.configure({ Auth: { Cognito } })
  const redirect = createSignIn({
    domain,
    clientId,
    redirectUris: [`${location.origin}/callback`],
    returnPaths: ['/account'],
  })
  const current = async () => {
    const { tokens } = await auth.fetchAuthSession()
    return tokens?.idToken ? { accessToken: tokens.accessToken, idToken: tokens.idToken } : undefined
  }
  return {
    async arrive() {
      const result = await redirect.callback()
      if (result.kind === 'signed-in' && result.purpose === 'sign-in') await keep(result.tokens)
      return result
    },
    async current() {
      const payload = (await current())?.idToken.payload
      if (!payload) return undefined
      const { email, identities, auth_time: at, 'cognito:username': userName } = payload
      return {
        address: typeof email === 'string' ? email : '',
        userName: String(userName),
        providers: Array.isArray(identities) ? identities.map((one) => String(Object(one).providerName)) : [],
        signedInAt: Number(at) * 1_000,
      }
    },
    async refresh() {
      await auth.fetchAuthSession({ forceRefresh: true })
    },
    async tokens() {
      const held = await current()
      return held && { accessToken: held.accessToken.toString(), idToken: held.idToken.toString() }
    },
    async signUp(address, password) {
      await auth.signUp({ username: address, password, options: { userAttributes: { email: address } } })
    },
    async confirm(address, code) {
      await auth.confirmSignUp({ username: address, confirmationCode: code })
    },
    async sendCodeAgain(address) {
      await auth.resendSignUpCode({ username: address })
    },
    async signIn(address, password) {
      const { nextStep } = await auth.signIn({ username: address, password })
      if (nextStep.signInStep === 'CONFIRM_SIGN_UP') return 'confirm-address'
      return nextStep.signInStep === 'RESET_PASSWORD' ? 'new-password' : 'in'
    },
    async askForReset(userName) {
      await auth.resetPassword({ username: userName })
    },
    reset: (userName, code, password) =>
      auth.confirmResetPassword({ username: userName, confirmationCode: code, newPassword: password }),
    continueWith: (provider) => redirect.start({ provider }),
    addWayIn: (provider) => redirect.start({ provider, purpose: 'link', returnTo: '/account' }),
    leave: () => signOut({ domain, clientId, logoutUri: `${location.origin}/`, amplify: auth }),
    onLeft: (callback) => onSignedOutElsewhere(clientId, callback),
  }
}

/** From here on Amplify has them, and refreshes them, as if it had signed the user in itself. */
async function keep({ accessToken, idToken, refreshToken }: Tokens): Promise<void> {
  const access = auth.decodeJWT(accessToken)
  await cognitoUserPoolsTokenProvider.tokenOrchestrator.setTokens({
    tokens: {
      accessToken: access,
      idToken: auth.decodeJWT(idToken),
      ...(refreshToken !== undefined && { refreshToken }),
      username: String(access.payload.username),
      clockDrift: 0,
    },
  })
}
