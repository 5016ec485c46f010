import { createIdentityVerifier } from 'onesub/verify'
import { expect, it } from 'vitest'
import { createAccountService } from '../../packages/onesub/src/account/index.ts'
import { userPoolThat } from '../../packages/onesub/src/core/testing/user-pool.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { CLIENT_ID, confirms, POOL_ID, signUp, subOf } from '../../packages/onesub/src/triggers/testing/events.ts'
import { testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { Counted } from '../../proof/enumeration/ports.ts'

const ADA = 'ada@example.com'

it('T83: no call of the account page takes an address, and without a token that verifies none of them asks the store', async () => {
  const ports = new Counted()
  const { handler, registry } = testPool({ registry: ports.through('registry', createMemoryRegistry()) })
  await handler(signUp('ada', ADA))
  await handler(confirms('ada', ADA))
  const pools = [{ userPoolId: POOL_ID, clientIds: [CLIENT_ID] }] as const
  const verify = createIdentityVerifier({ pools })
  const never = () => Promise.reject(new Error('Cognito was asked'))
  const account = createAccountService({
    verifyAccess: verify,
    verifyId: createIdentityVerifier({ pools, tokenUse: 'id' }),
    registry,
    userPool: userPoolThat(never),
    secret: 'a secret of thirty-two characters or more',
  })
  ports.taken()
  for (const guess of [ADA, 'nobody@example.com', subOf('ada'), '']) {
    const calls: Readonly<Record<keyof typeof account, () => Promise<unknown>>> = {
      signInMethods: () => account.signInMethods(guess),
      offerLink: () => account.offerLink({ accessToken: guess, additionIdToken: guess }),
      acceptLink: () => account.acceptLink({ accessToken: guess, proof: guess }),
      unlink: () => account.unlink({ accessToken: guess, provider: 'Cognito', subject: subOf('ada') }),
      startSeparatePerson: () => account.startSeparatePerson(guess),
      changeAddress: () => account.changeAddress({ accessToken: guess, address: guess }),
      confirmAddress: () => account.confirmAddress({ accessToken: guess, proof: guess, code: guess }),
    }
    expect(Object.keys(calls)).toEqual(Object.keys(account))
    for (const call of Object.values(calls)) {
      await expect(call()).rejects.toMatchObject({
        code: 'TOKEN_INVALID',
        message: 'onesub/TOKEN_INVALID: Please sign in again',
      })
    }
  }
  expect(ports.taken()).toBe('')
})
