import { Amplify } from 'aws-amplify'
import * as auth from 'aws-amplify/auth'
import 'aws-amplify/auth/enable-oauth-listener'
import { type FirstLinkResult, retryFirstLink, signOut } from '../../../packages/onesub/src/browser/index.ts'
import { amplifyConfig, clientId, domain, logoutUri } from './settings.ts'

/** In the place of `Amplify.configure`. The address is the page's, as it was loaded. */
export async function begin(url: string): Promise<FirstLinkResult> {
  const result = await retryFirstLink({
    url,
    clientId,
    providers: ['Google', 'SignInWithApple'],
    again: async (provider = 'COGNITO') => {
      Amplify.configure(amplifyConfig)
      await auth.signInWithRedirect({ provider: { custom: provider } })
    },
  })
  if (result.kind !== 'retrying') Amplify.configure(amplifyConfig)
  return result
}

export const leave = () => signOut({ domain, clientId, logoutUri, amplify: auth })
