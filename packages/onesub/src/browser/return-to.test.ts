import fc from 'fast-check'
import { expect, it } from 'vitest'
import { safeReturnTo } from './return-to.ts'

it.each([
  '//evil.test',
  '//evil.test/orders',
  '/\\evil.test/orders',
  '///evil.test',
  '\\\\evil.test',
  '/\\evil.test',
  '\\/evil.test',
  '/%2f/evil.test',
  '/%2F%2Fevil.test',
  '/%5cevil.test',
  '/%252f/evil.test',
  '/..//evil.test',
  '/.//evil.test',
  '/%2e%2e//evil.test',
  '/a/..//evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/%09/evil.test',
  '/\u0000',
  '/\u2028/evil.test',
  ' /orders',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'https://evil.test/',
  'https:evil.test',
  'orders',
  '?x=1',
  '',
  `/${'a'.repeat(3000)}`,
])('T139: %j leads home', (wanted) => {
  expect(safeReturnTo(wanted)).toBe('/')
})

it.each([undefined, null, 7, ['/orders'], { toString: () => '/orders' }])(
  'what is no text leads home: %j',
  (wanted) => {
    expect(safeReturnTo(wanted)).toBe('/')
  },
)

it.each(['/', '/orders', '/orders/7?page=2#total', '/search?q=a%2Fb&u=https%3A%2F%2Fx.test', '/caf%C3%A9'])(
  'keeps %s',
  (wanted) => {
    expect(safeReturnTo(wanted)).toBe(wanted)
  },
)

it.each([
  ['/orders', '/orders'],
  ['/orders/7', '/orders/7'],
  ['/orders?page=2', '/orders?page=2'],
  ['/orders-old', '/'],
  ['/account', '/'],
  ['/orders/../account', '/'],
  ['/account/../orders', '/orders'],
])('where only /orders is allowed, %s leads to %s', (wanted, target) => {
  expect(safeReturnTo(wanted, ['/orders'])).toBe(target)
})

it('T139: whatever is put in, a browser stays on this origin', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5c',
    '%2e',
    '%25',
    ':',
    '@',
    'evil.test',
    'https:',
    '\t',
    '?',
    '#',
    'a',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      (wanted) => {
        const target = safeReturnTo(wanted)
        for (const seen of [target, decodeURIComponent(target.split(/[?#]/)[0] ?? '')]) {
          expect(new URL(seen, 'https://app.example.com/callback').origin).toBe('https://app.example.com')
        }
        expect(safeReturnTo(target)).toBe(target)
      },
    ),
    { numRuns: 2000 },
  )
})

it.each([
  ['/Orders/7', ['/orders']],
  ['/orders/7', ['/Orders']],
  ['/orders-old', ['/orders']],
  ['/orders', []],
])('T139: %s is not below one of %j, whose case counts as it does in paths', (wanted, paths) => {
  expect(safeReturnTo(wanted, paths)).toBe('/')
})
