import { describe, expect, it } from 'vitest'
import { isOnesubError } from '../core/errors.ts'
import { redirectUriFor } from './redirect-uris.ts'

const LIST = [
  'https://app.example.com/callback',
  'http://localhost:5173/callback',
  'http://127.0.0.1:*/callback',
  'https://shop-*.preview.example.com/callback?from=preview',
]

describe('the redirect URI is chosen by the origin of the page', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com/callback'],
    ['http://localhost:5173', 'http://localhost:5173/callback'],
    ['http://127.0.0.1:49152', 'http://127.0.0.1:49152/callback'],
    ['https://shop-pr-7.preview.example.com', 'https://shop-pr-7.preview.example.com/callback?from=preview'],
  ])('%s → %s', (origin, uri) => {
    expect(redirectUriFor(origin, LIST)).toBe(uri)
  })

  it('gives an entry as it is written, since Cognito compares it letter by letter', () => {
    expect(redirectUriFor('https://app.example.com', ['https://App.Example.com:443/cb'])).toBe(
      'https://App.Example.com:443/cb',
    )
  })
})

describe('T139: no other origin gets one', () => {
  it.each([
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.test',
    'https://evil-app.example.com',
    'https://example.com',
    'http://localhost:5174',
    'http://localhost',
    'http://localhost.evil.test:5173',
    'https://shop-.evil.test',
    'https://shop-a.b.preview.example.com',
    'https://shop-.preview.example.com',
    'https://shop-x.preview.example.com:444',
    'http://shop-x.preview.example.com',
    'https://shop-x.preview.example.com@evil.test',
    'null',
    '',
  ])('%j', (origin) => {
    expect(() => redirectUriFor(origin, LIST)).toThrow(/^onesub\/CONFIG_INVALID: No redirect URI is listed/)
  })

  it('and the error names what to register', () => {
    expect(() => redirectUriFor('http://localhost:5174', LIST)).toThrow('Add http://localhost:5174/callback to')
  })

  it('the error looks like every other error of onesub', () => {
    const caught = (() => {
      try {
        return redirectUriFor('https://evil.test', LIST)
      } catch (error) {
        return error
      }
    })()
    expect(isOnesubError(caught)).toBe(true)
    expect(caught).toMatchObject({ code: 'CONFIG_INVALID', retry: false })
  })
})

describe('an entry that is dangerous or cannot work is refused, whichever page asks', () => {
  it.each([
    'https://*/callback',
    'https://*.com/callback',
    'https://app.*.example.com/callback',
    'https://*.*.example.com/callback',
    'https://app.example.com:*/callback',
    'https://app.example.com/*',
    'http://app.example.com/callback',
    'http://*.preview.example.com/callback',
    'https://app.example.com/callback#top',
    'https://user@app.example.com/callback',
    'https://app.example.com',
    'https://app.example.com\\@evil.test/callback',
    'app.example.com/callback',
    'javascript:alert(1)',
    '',
  ])('%j', (entry) => {
    expect(() => redirectUriFor('https://app.example.com', ['https://app.example.com/callback', entry])).toThrow(
      /^onesub\/CONFIG_INVALID: The redirect URI/,
    )
  })
})
