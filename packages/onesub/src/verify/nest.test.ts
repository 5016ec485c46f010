import 'reflect-metadata'
import { Controller, type ExecutionContext, Get, Module, Req } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import type { PersonRequest } from './express.ts'
import { PersonGuard } from './nest.ts'
import { platformContract } from './testing/platform-contract.ts'
import { type Ask, answerFor, askingAt, onRefused, requestScope, SCOPE_HEADER, verify } from './testing/platforms.ts'

class Me {
  show({ person }: Request & PersonRequest) {
    return answerFor(person)
  }
}
class App {}

// Decorators by hand: the syntax is not erasable, and Node runs these files as they are.
const method = { prototype: Me.prototype, name: 'show' as const }
Req()(method.prototype, method.name, 0)
Get()(method.prototype, method.name, Object.getOwnPropertyDescriptor(method.prototype, method.name) ?? {})
Controller()(Me)
Module({ controllers: [Me] })(App)

async function onNest(use: (ask: Ask) => Promise<void>): Promise<void> {
  const app = await NestFactory.create(App, { logger: false })
  app.use((request: Request, _: unknown, next: () => void) => requestScope.run(request.get(SCOPE_HEADER) ?? '', next))
  app.useGlobalGuards(new PersonGuard(verify, { onRefused }))
  await app.listen(0, '127.0.0.1')
  await use(askingAt(await app.getUrl()))
  await app.close()
}

describe('on NestJS', () => {
  platformContract(onNest)

  it('T60: a request that has no headers is nobody’s', async () => {
    const http = { getRequest: () => ({}), getResponse: () => ({ header: () => undefined }) }
    const context: ExecutionContext = Object.assign(Object.create(null), { switchToHttp: () => http })
    await expect(new PersonGuard(verify).canActivate(context)).rejects.toMatchObject({ status: 401 })
  })
})
