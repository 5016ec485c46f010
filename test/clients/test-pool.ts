import { afterAll, beforeAll } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../packages/emulator/src/index.ts'
import { type Given, type OpenPool, openPool } from '../../packages/emulator/src/testing/open-pool.ts'

export const GOOGLE = { email: 'email', email_verified: 'email_verified' }
const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const

/** An emulator for one client, and pools on it whose app client allows what that client uses. */
export function useTestPool(options: EmulatorOptions = {}) {
  let emulator: Emulator | undefined
  beforeAll(async () => {
    const personas = [{ id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true }]
    emulator = await startEmulator({ personas, ...options })
  })
  afterAll(() => emulator?.close())
  return async (given: Given = {}): Promise<OpenPool> => {
    if (!emulator) throw new Error('The emulator is not running yet.')
    return await openPool(emulator, { ...given, client: { ExplicitAuthFlows: [...FLOWS], ...given.client } })
  }
}
