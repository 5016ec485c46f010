import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import type { Emulator } from '@onesub/emulator'
import { Hono } from 'hono'
import { createIdentityVerifier } from 'onesub/verify'
import { listUsersCheck } from '../../../packages/cli/src/demo/list-users-check.ts'
import { type OwnerEnv, openRecords, recordRoutes } from '../api/records.ts'
import { openPool } from './pools.ts'
import type { Side } from './side.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:list-users-check'

/** Cognito with the check that most projects write, and data under the token's `sub`: the baseline, built as its authors build it. */
export async function openAlone(emulator: Emulator, cognito: CognitoIdentityProvider, origin: string): Promise<Side> {
  const pool = await openPool(cognito, 'alone', origin, { PreSignUp: ARN })
  emulator.setTrigger(ARN, listUsersCheck(cognito))
  const records = openRecords(':memory:')
  const verify = createIdentityVerifier({
    pools: [{ userPoolId: pool.userPoolId, clientIds: [pool.clientId] }],
    dangerouslyTrustEmulator: emulator.endpoint,
  })
  const api = new Hono<OwnerEnv>()
  api.use('/records/*', async (c, next) => {
    const token = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    const known = await verify(token).catch(() => undefined)
    if (!known) return c.json({ error: { code: 'TOKEN_INVALID' } }, 401)
    c.set('owner', known.identity.subject)
    return next()
  })
  api.route('/records', recordRoutes(records))
  return {
    pool,
    api,
    records,
    linking: false,
    ownerOf: async (sub) => sub,
    close: () => records.close(),
  }
}
