import express from 'express'
import { createPersonVerifier, type PersonVerifierOptions } from 'onesub/verify'
import { personOf, requirePerson } from 'onesub/verify/express'

interface Settings {
  readonly userPoolId: string
  readonly clientId: string
  readonly registry: NonNullable<PersonVerifierOptions['registry']>
  /** In tests and on a developer's machine; undefined in production. */
  readonly emulator: string | undefined
}

export function apiFor({ userPoolId, clientId, registry, emulator }: Settings) {
  const verify = createPersonVerifier({
    pools: [{ userPoolId, clientIds: [clientId] }],
    registry,
    personStatus: registry,
    ...(emulator !== undefined && { dangerouslyTrustEmulator: emulator }),
  })
  const api = express()
  api.use(requirePerson(verify, { onRefused: ({ code, detail }) => console.warn('refused', code, detail) }))
  api.get('/me', (request, response) => {
    response.json({ id: personOf(request).id })
  })
  return api
}
