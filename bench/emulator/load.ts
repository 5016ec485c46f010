import { Agent } from 'node:http'
import { performance } from 'node:perf_hooks'
import {
  AdminConfirmSignUpCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Server } from './servers.ts'

export const CONCURRENCY = 16
const Password = 'Corr3ct-horse'
// cognito-local takes addresses as usernames unless configured otherwise, so everybody does.
const POOL = { PoolName: 'bench', UsernameAttributes: ['email' as const], AutoVerifiedAttributes: ['email' as const] }
const nameOf = (index: number) => `user-${index}@example.com`

/** One pool with one client on a server, driven by the unchanged AWS SDK over 16 connections. */
export class Load {
  readonly #sdk: CognitoIdentityProviderClient
  readonly #pool: string
  readonly #client: string
  #users = 0

  constructor(sdk: CognitoIdentityProviderClient, pool: string, client: string) {
    this.#sdk = sdk
    this.#pool = pool
    this.#client = client
  }

  static async on({ endpoint }: Server): Promise<Load> {
    const sdk = new CognitoIdentityProviderClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }) },
    })
    const pool = await sdk.send(new CreateUserPoolCommand(POOL))
    const UserPoolId = pool.UserPool?.Id ?? 'none'
    const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH' as const, 'ALLOW_REFRESH_TOKEN_AUTH' as const]
    const app = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'bench', ExplicitAuthFlows }))
    return new Load(sdk, UserPoolId, app.UserPoolClient?.ClientId ?? 'none')
  }

  get users(): number {
    return this.#users
  }

  /** Calls per second. */
  async signUps(count: number): Promise<number> {
    const first = this.#users
    this.#users += count
    return await perSecond(count, (index) => {
      const Username = nameOf(first + index)
      const UserAttributes = [{ Name: 'email', Value: Username }]
      return this.#sdk.send(new SignUpCommand({ ClientId: this.#client, Username, Password, UserAttributes }))
    })
  }

  async confirm(count: number): Promise<void> {
    await perSecond(count, (index) =>
      this.#sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: this.#pool, Username: nameOf(index) })),
    )
  }

  async signIns(count: number, among: number): Promise<number> {
    return await perSecond(count, async (index) => {
      const AuthParameters = { USERNAME: nameOf(index % among), PASSWORD: Password }
      const AuthFlow = 'USER_PASSWORD_AUTH'
      const command = new InitiateAuthCommand({ ClientId: this.#client, AuthFlow, AuthParameters })
      const { AuthenticationResult: result } = await this.#sdk.send(command)
      if (!result?.AccessToken) throw new Error('A sign-in gave no token.')
    })
  }

  close(): void {
    this.#sdk.destroy()
  }
}

async function perSecond(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const worker = async () => {
    while (next < count) {
      next += 1
      await call(next - 1)
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return (count * 1_000) / (performance.now() - begun)
}
