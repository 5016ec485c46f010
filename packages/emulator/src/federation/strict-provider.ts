import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { isText, type JsonRecord } from '../shared/json.ts'

export interface StrictProviderOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** The emulator's `/oauth2/idpresponse`. */
  readonly redirectUri: string
  /** Claims by subject; `login_hint` chooses, otherwise the first signs in. */
  readonly accounts: Readonly<Record<string, JsonRecord>>
  /** Overrides of the package's own configuration. */
  readonly configuration?: JsonRecord
}

export interface StrictProvider {
  readonly issuer: string
  close(): Promise<void>
}

/** A certified OpenID provider on loopback (the package oidc-provider), for tests that need a provider that we did not write. */
export async function startStrictProvider(options: StrictProviderOptions): Promise<StrictProvider> {
  const { default: OidcProvider } = await import('oidc-provider')
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${portOf(server)}`
  const provider = new OidcProvider(issuer, configurationFor(options))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    interact(provider, options, request, response).catch(() => response.writeHead(400).end())
  })
  return { issuer, close: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function configurationFor({ clientId, clientSecret, redirectUri, accounts, configuration }: StrictProviderOptions) {
  const client = {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'client_secret_post',
  }
  return {
    clients: [client],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    // Cognito sends no code challenge to its providers.
    pkce: { required: () => false },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ ...accounts[sub], sub }) }),
    ...configuration,
  }
}

/** Answers both prompts of the provider, login and consent. */
async function interact(
  provider: Provider,
  { accounts, clientId }: StrictProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    const hint = isText(params.login_hint) ? params.login_hint : Object.keys(accounts)[0]
    return await provider.interactionFinished(request, response, { login: { accountId: hint } })
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId })
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '))
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
