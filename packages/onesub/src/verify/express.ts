import { OnesubError } from '../core/errors.ts'
import { authenticator, type RefusalOptions, type RequestPerson } from './bearer.ts'
import type { PersonVerifier } from './person-verifier.ts'

export type { RefusalOptions, RequestPerson } from './bearer.ts'

interface Request {
  readonly headers: { readonly authorization?: string | undefined }
}

interface Response {
  status(code: number): this
  set(headers: Record<string, string>): this
  json(body: unknown): unknown
}

/** A request that has passed `requirePerson`. */
export interface PersonRequest {
  readonly person: RequestPerson
}

const persons = new WeakMap<object, RequestPerson>()

/** The person of a request that has passed `requirePerson`. Throws where it has not: a route that forgets the middleware serves nobody. */
export function personOf(request: object): RequestPerson {
  const person = persons.get(request)
  if (!person) throw new OnesubError('CONFIG_INVALID', { detail: 'The route is not behind requirePerson.' })
  return person
}

/**
 * Express middleware: `app.use(requirePerson(verify))`, then `personOf(req).id`, or `req.person.id` in JavaScript.
 * Answers 401 to a token that is nobody's and 503 where it cannot be told now.
 */
export function requirePerson(verify: PersonVerifier, options: RefusalOptions = {}) {
  const authenticate = authenticator(verify, options)
  return async (request: Request, response: Response, next: () => void): Promise<void> => {
    const authentication = await authenticate(request.headers.authorization)
    if (!authentication.ok) {
      const { status, headers, body } = authentication.refusal
      response
        .status(status)
        .set({ ...headers })
        .json(body)
      return
    }
    persons.set(request, authentication.person)
    Object.assign(request, { person: authentication.person } satisfies PersonRequest)
    next()
  }
}
