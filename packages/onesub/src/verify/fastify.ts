import { authenticator, type RefusalOptions } from './bearer.ts'
import type { PersonRequest } from './express.ts'
import type { PersonVerifier } from './person-verifier.ts'

interface Request {
  readonly headers: { readonly authorization?: string | undefined }
}

interface Reply {
  code(status: number): this
  headers(values: Record<string, string>): this
  send(body: unknown): unknown
}

/** Fastify hook: `app.decorateRequest('person', null)`, `app.addHook('onRequest', requirePerson(verify))`, then `request.person.id`. */
export function requirePerson(verify: PersonVerifier, options: RefusalOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async (request: Request, reply: Reply): Promise<unknown> => {
    const authentication = await authenticate(request.headers.authorization)
    if (!authentication.ok) {
      const { status, headers, body } = authentication.refusal
      // Giving the reply back ends the request here (fastify.dev, "Hooks": respond to a request from a hook).
      return reply
        .code(status)
        .headers({ ...headers })
        .send(body)
    }
    Object.assign(request, { person: authentication.person } satisfies PersonRequest)
    return undefined
  }
}
