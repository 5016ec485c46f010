import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js'
import { describe, expect, it } from 'vitest'
import { type OpenPool, PASSWORD } from '../../packages/emulator/src/testing/open-pool.ts'
import { useTestPool } from './test-pool.ts'
import { named } from './versions.ts'

describe(named('amazon-cognito-identity-js'), () => {
  const open = useTestPool()

  function poolOf({ emulator, UserPoolId, ClientId }: OpenPool): CognitoUserPool {
    return new CognitoUserPool({ UserPoolId, ClientId, endpoint: emulator.endpoint })
  }

  async function signedUp(pool: OpenPool): Promise<CognitoUser> {
    const theirs = poolOf(pool)
    const attributes = [new CognitoUserAttribute({ Name: 'email', Value: 'ada@example.com' })]
    await new Promise<void>((done, fail) =>
      theirs.signUp('ada', PASSWORD, attributes, [], (error) => (error ? fail(error) : done())),
    )
    const user = new CognitoUser({ Username: 'ada', Pool: theirs })
    await new Promise<void>((done, fail) =>
      user.confirmRegistration(pool.code('ada'), false, (error: unknown) => (error ? fail(error) : done())),
    )
    return user
  }

  function signIn(user: CognitoUser, password: string): Promise<string> {
    const details = new AuthenticationDetails({ Username: 'ada', Password: password })
    return new Promise((done, fail) =>
      user.authenticateUser(details, {
        onSuccess: (session) => done(session.getIdToken().payload['cognito:username']),
        onFailure: fail,
      }),
    )
  }

  it.each(['USER_PASSWORD_AUTH', 'USER_SRP_AUTH'])('signs up, confirms and signs in by %s', async (flow) => {
    const user = await signedUp(await open())
    user.setAuthenticationFlowType(flow)
    expect(await signIn(user, PASSWORD)).toBe('ada')
  })

  it('is refused by SRP with a wrong password', async () => {
    const user = await signedUp(await open())
    await expect(signIn(user, 'Wr0ng-horse')).rejects.toThrow('Incorrect username or password.')
  })
})
