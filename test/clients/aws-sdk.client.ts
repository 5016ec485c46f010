import { GetUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { unpaired } from '../../packages/emulator/src/testing/open-pool.ts'
import { useTestPool } from './test-pool.ts'
import { named } from './versions.ts'

describe(named('@aws-sdk/client-cognito-identity-provider'), () => {
  const open = useTestPool()

  it('signs up, confirms, signs in and reads the own attributes', async () => {
    const pool = await open()
    await pool.signUp('ada', { email: 'ada@example.com' })
    await pool.confirm('ada')
    const AccessToken = (await pool.signIn('ada')).AuthenticationResult?.AccessToken
    const { UserAttributes } = await pool.sdk.send(new GetUserCommand({ AccessToken }))
    expect(unpaired(UserAttributes)).toMatchObject({ email: 'ada@example.com', email_verified: 'true' })
  })
})
