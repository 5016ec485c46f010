import express from 'express'
import type { PersonVerifier } from 'onesub/verify'
import { personOf, requirePerson } from 'onesub/verify/express'

/** `verify`: `createPersonVerifier({ pools: [{ userPoolId, clientIds: [clientId] }], registry })` of `onesub/verify`. */
export function createApp(verify: PersonVerifier) {
  const records = new Map<string, string[]>()
  const app = express()
  app.use(express.json(), requirePerson(verify))
  app.get('/records', (request, response) => {
    response.json(records.get(personOf(request).id) ?? [])
  })
  app.post('/records', (request, response) => {
    const { id } = personOf(request)
    records.set(id, [...(records.get(id) ?? []), String(request.body.text)])
    response.status(201).end()
  })
  return app
}
