import type { JsonRecord } from '../shared/json.ts'
import { ADMIN_SCOPE } from '../tokens/access-token.ts'
import { issueTokens } from '../tokens/issue.ts'
import { runPostAuthentication } from '../triggers/lifecycle.ts'
import type { SignInAttempt } from './sign-in-attempt.ts'

export async function completeSignIn({
  context,
  clientInPool,
  user,
  source,
  metadata,
}: SignInAttempt): Promise<JsonRecord> {
  const { pool, client } = clientInPool
  await runPostAuthentication(context, { pool, user, clientId: client.id }, metadata)
  // Managed login answers with a code; the token endpoint issues the tokens and runs their trigger.
  if (source === 'TokenGeneration_HostedAuth') return { SignedIn: user.username }
  const session = context.sessions.begin({ client, user, scopes: [ADMIN_SCOPE], kind: 'api' })
  const tokens = await issueTokens(context, { pool, session, source, metadata })
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      IdToken: tokens.idToken,
      RefreshToken: context.sessions.refreshTokenFor(session),
      ExpiresIn: tokens.expiresIn,
      TokenType: 'Bearer',
    },
  }
}
