import { authenticator, type RefusalOptions, type RequestPerson } from './bearer.ts'
import type { PersonVerifier } from './person-verifier.ts'

/** What `c.get('person')` gives: `new Hono<PersonEnv>()`. */
export interface PersonEnv {
  readonly Variables: { readonly person: RequestPerson }
}

interface Context {
  readonly req: { header(name: 'authorization'): string | undefined }
  set(name: 'person', person: RequestPerson): void
}

/** Hono middleware: `app.use(requirePerson(verify))`, then `c.get('person').id`. Works wherever Node's `crypto` does. */
export function requirePerson(verify: PersonVerifier, options: RefusalOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const authentication = await authenticate(context.req.header('authorization'))
    if (!authentication.ok) {
      const { status, headers, body } = authentication.refusal
      return Response.json(body, { status, headers })
    }
    context.set('person', authentication.person)
    await next()
    return undefined
  }
}
