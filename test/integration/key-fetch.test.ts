import { startEmulator } from '@onesub/emulator'
import { SimpleFetcher } from 'aws-jwt-verify/https'
import { expect, it } from 'vitest'

it('T169: the library that fetches keys says of an address where nothing is what key-set.ts looks for', async () => {
  const emulator = await startEmulator({ https: true })
  const fetcher = new SimpleFetcher({ defaultRequestOptions: { rejectUnauthorized: false } })
  const refusal = fetcher.fetch(`${emulator.httpsEndpoint}/eu-west-1_Nobodys/.well-known/jwks.json`)
  await expect(refusal).rejects.toThrow(/\bStatus code is 404\b/)
  await emulator.close()
})
