import { describe, expect, it } from 'vitest'
import { openPool, refusal } from '../testing/open-pool.ts'
import { useEmulator } from '../vitest.ts'

const cognito = useEmulator({ clock: () => Date.parse('2026-01-01T00:00:00Z') })

const put = (path: string, body: object, type = 'application/json') =>
  fetch(`${cognito().endpoint}${path}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  })
const read = async (path: string) => {
  const answer = await fetch(`${cognito().endpoint}${path}`)
  return { status: answer.status, policy: answer.headers.get('content-security-policy'), text: await answer.text() }
}

describe('the clock', () => {
  it('is put forward, and a code expires without waiting', async () => {
    const pool = await openPool(cognito())
    await pool.signUp('ada', { email: 'ada@example.com' })
    await put('/_onesub/clock', { advanceMs: 86_400_000 })
    expect(await refusal(pool.confirm('ada'))).toContain('ExpiredCodeException')
  })

  it('is set to a date, and resets with everything else', async () => {
    expect(await (await put('/_onesub/clock', { now: '2030-01-01T00:00:00Z' })).json()).toEqual({
      now: Date.parse('2030-01-01T00:00:00Z'),
    })
    cognito().reset()
    expect(JSON.parse((await read('/_onesub/clock')).text)).toEqual({ now: Date.parse('2026-01-01T00:00:00Z') })
  })

  it.each([{}, { advanceMs: 'soon' }, { now: 'never' }, { advanceMs: 1, now: 1 }])('refuses %j', async (body) => {
    expect((await put('/_onesub/clock', body)).status).toBe(400)
  })

  it('T133: is not moved by a form post', async () => {
    expect((await put('/_onesub/clock', { advanceMs: 1 }, 'text/plain')).status).toBe(400)
  })
})

describe('the developer’s pages', () => {
  it('show pools, users, codes and trigger runs', async () => {
    const pool = await openPool(cognito(), { pool: { PoolName: 'shop' } })
    await pool.signUp('ada', { email: 'ada@example.com' })
    expect((await read('/_onesub/')).text).toContain('shop')
    const { text } = await read(`/_onesub/pools/${pool.UserPoolId}`)
    for (const shown of ['ada@example.com', 'UNCONFIRMED', pool.code('ada')]) expect(text).toContain(shown)
    expect((await read('/_onesub/runs')).status).toBe(200)
  })

  it('T135: show what somebody signed up with as text only, under a policy that runs no script', async () => {
    const nasty = '<script>alert(1)</script>'
    const throwing = () => Promise.reject(new Error(nasty))
    cognito().setTrigger('nasty', throwing)
    const LambdaConfig = { PostConfirmation: 'arn:aws:lambda:us-east-1:000000000000:function:nasty' }
    const pool = await openPool(cognito(), { pool: { PoolName: nasty, LambdaConfig } })
    await pool.signUp('<b>ada</b>', { name: nasty, email: 'ada@example.com' })
    await pool.confirm('<b>ada</b>').catch(() => {})
    for (const path of ['/_onesub/', `/_onesub/pools/${pool.UserPoolId}`, '/_onesub/runs']) {
      const { text, policy } = await read(path)
      expect(text).toContain('&lt;script&gt;alert(1)')
      expect(text).not.toMatch(/<script|<b>/u)
      expect(policy).toContain("default-src 'none'")
    }
  })

  it('of an unknown pool are not there', async () => {
    expect((await read('/_onesub/pools/us-east-1_none')).status).toBe(404)
  })
})
