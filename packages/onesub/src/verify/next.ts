import { authenticator, type RefusalOptions, type RequestPerson } from './bearer.ts'
import type { PersonVerifier } from './person-verifier.ts'

/**
 * Next.js App Router: `export const GET = withPerson(verify, (request, person) => Response.json({ id: person.id }))`.
 * The handler gets Next's own context (`params`) behind the person. For the Node.js runtime; the Edge runtime has no `node:crypto`.
 */
export function withPerson<Asked extends Request, Context>(
  verify: PersonVerifier,
  handler: (request: Asked, person: RequestPerson, context: Context) => Response | Promise<Response>,
  options: RefusalOptions = {},
) {
  const authenticate = authenticator(verify, options)
  return async (request: Asked, context: Context): Promise<Response> => {
    const authentication = await authenticate(request.headers.get('authorization'))
    if (authentication.ok) return await handler(request, authentication.person, context)
    const { status, headers, body } = authentication.refusal
    return Response.json(body, { status, headers })
  }
}
