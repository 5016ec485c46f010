import { type CanActivate, type ExecutionContext, HttpException } from '@nestjs/common'
import { authenticator, type RefusalOptions } from './bearer.ts'
import type { PersonRequest } from './express.ts'
import type { PersonVerifier } from './person-verifier.ts'

interface Request {
  readonly headers?: { readonly authorization?: string | undefined }
}

interface Response {
  header(name: string, value: string): unknown
}

/**
 * NestJS guard: `app.useGlobalGuards(new PersonGuard(verify))` or `@UseGuards(new PersonGuard(verify))`, then `request.person.id`.
 * On the Express and the Fastify platform. It refuses by an `HttpException`, which the application's own exception filters see.
 */
export class PersonGuard implements CanActivate {
  readonly #authenticate: ReturnType<typeof authenticator>

  constructor(verify: PersonVerifier, options: RefusalOptions = {}) {
    this.#authenticate = authenticator(verify, options)
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const request = http.getRequest<Request>()
    const authentication = await this.#authenticate(request.headers?.authorization)
    if (!authentication.ok) {
      const { status, headers, body } = authentication.refusal
      const response = http.getResponse<Response>()
      for (const [name, value] of Object.entries(headers)) response.header(name, value)
      throw new HttpException(body, status)
    }
    Object.assign(request, { person: authentication.person } satisfies PersonRequest)
    return true
  }
}
