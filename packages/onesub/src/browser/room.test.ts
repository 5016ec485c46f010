import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it('is imported on a server without touching a browser', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toEqual([
    'createSignIn',
    'lastSignInMethod',
    'onSignedOutElsewhere',
    'readRefusal',
    'redirectUriFor',
    'rememberSignInMethod',
    'resumeSignUp',
    'retryFirstLink',
    'safeReturnTo',
    'signOut',
  ])
})

describe('createSignIn refuses at start', async () => {
  const { createSignIn } = await import('./index.ts')
  const good = { domain: 'auth.example.com', clientId: '7web', redirectUris: ['https://app.example.com/callback'] }

  it.each([
    'http://auth.example.com',
    'https://auth.example.com/oauth2',
    'https://user@auth.example.com',
    'javascript://auth.example.com',
    'ftp://localhost',
    '',
  ])('the domain %j', (domain) => {
    expect(() => createSignIn({ ...good, domain })).toThrow(/^onesub\/CONFIG_INVALID: "domain"/)
  })

  it.each(['auth.example.com', 'https://auth.example.com/', 'http://127.0.0.1:9229', 'http://localhost:9229'])(
    'but not the domain %j',
    (domain) => {
      expect(() => createSignIn({ ...good, domain })).not.toThrow()
    },
  )

  it('scopes without openid, which would leave no nonce to compare', () => {
    expect(() => createSignIn({ ...good, scopes: ['email'] })).toThrow('must hold openid')
  })

  it.each([[[]], [['OpenID']], [['openid email']], [['open']]])(
    'T10: scopes that only look like openid: %j',
    (scopes) => {
      expect(() => createSignIn({ ...good, scopes })).toThrow('must hold openid')
    },
  )

  it('a redirect URI that cannot be used', () => {
    expect(() => createSignIn({ ...good, redirectUris: ['https://*.com/callback'] })).toThrow('cannot be used')
  })
})

describe('the guide shows the very code that runs in the browser test', () => {
  const guide = read('../../../../docs/guide/browser.md')
  const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  const files = ['account.ts', 'account-with-amplify.ts', 'vite.config.ts']

  it.each(files)('%s', (name) => {
    const code = read(`../../../../test/clients/browser-room/${name}`)
      .replace('../../../packages/onesub/src/browser/index.ts', 'onesub/browser')
      .replace('../../../packages/onesub/src/vite/index.ts', 'onesub/vite')
    expect(shown).toContain(code)
  })

  it('and no other', () => {
    expect(shown).toHaveLength(files.length)
  })
})
