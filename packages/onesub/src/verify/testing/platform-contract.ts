import { expect, it } from 'vitest'
import { personId } from '../../core/testing/samples.ts'
import type { Platform } from './platforms.ts'

/** What a request notices of us, the same on every platform. */
export function platformContract(on: Platform): void {
  it('a request with her token is hers', () =>
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
