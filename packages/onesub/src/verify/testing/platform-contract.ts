import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { OnesubError } from '../../core/errors.ts'
import { personId } from '../../core/testing/samples.ts'
import { hook, type Platform, requestScope, SCOPE_HEADER } from './platforms.ts'

/** What a request notices of us, the same on every platform. */
export function platformContract(on: Platform): void {
  afterEach(() => {
    hook.onRefused = () => undefined
  })

  it('a request with the user’s token has the user’s person', () =>
    on(async (ask) => {
      expect(await ask('Bearer right')).toMatchObject({ status: 200, body: { id: personId(1), sub: 'sub-of-ada' } })
      expect(await ask('bearer  right')).toMatchObject({ status: 200 })
    }))

  it('T60: a request without one, or with a wrong one, is nobody’s, and all are answered alike', () =>
    on(async (ask) => {
      const answers = await Promise.all(
        [undefined, '', 'right', 'Basic right', 'Bearer', 'Bearer wrong', 'Bearer right right'].map((one) => ask(one)),
      )
      for (const { status, body, headers } of answers) {
        expect(status).toBe(401)
        expect(body).toEqual({ error: { code: 'TOKEN_INVALID', message: 'Please sign in again.' } })
        expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      }
    }))

  it('T69: a request that cannot be judged now is told to come again', () =>
    on(async (ask) => {
      const { status, headers } = await ask('Bearer down')
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
    }))

  it('T60: requests at once are each of their own person, in their own scope', () =>
    on(async (ask) => {
      const numbers = Array.from({ length: 40 }, (_, at) => at + 1)
      const answers = await Promise.all(
        numbers.map((at) => ask(`Bearer person-${at}`, { [SCOPE_HEADER]: `request-${at}` })),
      )
      expect(answers.map(({ body }) => body)).toEqual(
        numbers.map((at) => ({ id: personId(at), sub: `sub-of-${at}`, scope: `request-${at}` })),
      )
    }))

  it('T60: a request among others that are let in at the same time is nobody’s without a token', () =>
    on(async (ask) => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, at) => ask(at % 2 ? `Bearer person-${at}` : undefined)),
      )
      expect(answers.map(({ status }) => status)).toEqual(answers.map((_, at) => (at % 2 ? 200 : 401)))
    }))

  it.each<[string, string | undefined, object]>([
    ['is absent', undefined, { code: 'TOKEN_INVALID', detail: 'authorization' }],
    ['is of another scheme', 'Basic right', { code: 'TOKEN_INVALID', detail: 'authorization' }],
    ['is wrong', 'Bearer wrong', { code: 'TOKEN_INVALID', detail: 'signature' }],
    ['cannot be judged', 'Bearer down', { code: 'TOKEN_KEYS_UNREACHABLE', detail: 'Failed to fetch' }],
  ])('the operator is told why, in the scope of the request, where a token %s', (_, authorization, why) =>
    on(async (ask) => {
      const told: [OnesubError, string | undefined][] = []
      hook.onRefused = (error) => told.push([error, requestScope.getStore()])
      await ask(authorization, { [SCOPE_HEADER]: 'request-7' })
      await ask('Bearer right')
      expect(told).toEqual([[expect.objectContaining(why), 'request-7']])
      expect(told[0]?.[0].cause).toBeUndefined()
    }),
  )

  it.each<[string, () => unknown]>([
    ['throws', () => raise()],
    ['rejects', () => Promise.reject(new Error('The log is full.'))],
    ['rejects later', () => Promise.resolve().then(raise)],
    ['never ends', () => new Promise(() => {})],
  ])('T60: the answer is the same where what the operator does with it %s', (_, onRefused) =>
    on(async (ask) => {
      hook.onRefused = onRefused
      expect(await ask('Bearer wrong')).toMatchObject({ status: 401, body: { error: { code: 'TOKEN_INVALID' } } })
      expect(await ask('Bearer down')).toMatchObject({ status: 503 })
      expect(await ask('Bearer right')).toMatchObject({ status: 200 })
    }),
  )

  it('an operator who takes a while is waited for, since a function stops at its answer', () =>
    on(async (ask) => {
      let isDone = false
      hook.onRefused = () =>
        sleep(50).then(() => {
          isDone = true
        })
      await ask('Bearer wrong')
      expect(isDone).toBe(true)
    }))

  // Headers that proxies, load balancers and applications name people in; ALB's own would need its signer checked ("ALBeast").
  it.each([
    'x-person-id',
    'x-user-id',
    'x-onesub-person',
    'x-forwarded-user',
    'x-amzn-oidc-identity',
    'x-amzn-oidc-data',
    'x-amzn-oidc-accesstoken',
    'x-access-token',
    'x-forwarded-authorization',
    'cookie',
  ])('T75: nobody is taken for somebody by the header %s', (name) =>
    on(async (ask) => {
      for (const value of [personId(9), 'right', 'Bearer right', `person=${personId(9)}; token=right`]) {
        expect(await ask(undefined, { [name]: value })).toMatchObject({ status: 401 })
        expect(await ask('Bearer right', { [name]: value })).toMatchObject({ status: 200, body: { id: personId(1) } })
      }
    }),
  )
}

function raise(): never {
  throw new Error('The log is full.')
}
