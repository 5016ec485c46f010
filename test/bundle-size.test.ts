import { isBuiltin } from 'node:module'
import { describe, expect, it } from 'vitest'
import { bundle } from '../bench/bundle/bundle.ts'
import { HANDLERS, type HandlerName } from '../bench/bundle/handlers.ts'

/**
 * Bytes of a whole Lambda function, minified and then compressed. Sizes are exact, so they are held exactly: whoever needs more raises the
 * limit in the same change and says what for. The aim is 25,000 and 10,000 each, and nothing is near it yet:
 *
 * - Each function carries the general signer `aws4` (docs/decisions/0009-small-aws-calls.md), and the code of its own trigger alone
 *   (docs/decisions/0022-a-function-for-each-trigger.md).
 * - The pinned tables of domain names do not compress (docs/decisions/0004-identifier-tables.md).
 * - Evidence comes event by event (docs/decisions/0018-evidence-is-an-event.md): a token is also where users from before onesub are met, and
 *   where addresses are followed, so that its function decides about providers and confirmations, too.
 * - The authorizer carries what of `aws-jwt-verify` serves other verifiers than ours, which no bundler can tell. It knows every partition and
 *   both issuers of a pool, tells an operator why it refuses, and compares a looked-up person's sign-in with the recovery (2,900 bytes).
 * - Every option is checked at start, by name and form, with the nearest name (1,100 bytes); what an address was worth before us, a doubt about
 *   a password, and looks into pools that share a registry take 1,700 more; tenants that share a pool, two more policies, names
 *   that are written out, and what a fourth attacker found, 4,200; renames back, links from before onesub and names of deleted users, 1,600. A function that passes over any of these lets somebody in.
 */
const LIMITS: readonly { readonly name: HandlerName; readonly minified: number; readonly gzip: number }[] = [
  { name: 'pre-sign-up, claims', minified: 71_900, gzip: 27_200 },
  { name: 'pre-sign-up, links', minified: 93_300, gzip: 33_700 },
  { name: 'pre-token-generation', minified: 90_500, gzip: 32_900 },
  { name: 'every trigger', minified: 109_700, gzip: 38_600 },
  { name: 'authorizer', minified: 33_400, gzip: 11_600 },
]

describe.each(LIMITS)('the function for $name', ({ name, ...limit }) => {
  const bundled = bundle(HANDLERS[name].small, { from: 'src' })

  it(`T113: is no larger than ${limit.minified} bytes minified, ${limit.gzip} compressed`, async () => {
    const { minified, gzip, modules } = await bundled
    const heaviest = modules.slice(0, 10).map(({ module, bytes }) => `${bytes} ${module}`)
    expect(minified, heaviest.join('\n')).toBeLessThanOrEqual(limit.minified)
    expect(gzip, heaviest.join('\n')).toBeLessThanOrEqual(limit.gzip)
  })

  it('is one file that needs nothing but Node', async () => {
    const { code } = await bundled
    const outside = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?["'`]([^"'`]+)["'`]/g)].map(
      ([, module]) => module ?? '',
    )
    expect(outside).not.toEqual([])
    expect(outside.filter((module) => !isBuiltin(module))).toEqual([])
  })
})

it('T113: no trigger imports node:http, which as an ES module loads undici: longer than everything else together', async () => {
  const { code } = await bundle(HANDLERS['pre-sign-up, links'].small, { from: 'src' })
  expect(code).toContain('node:https')
  expect(code).not.toMatch(/\bfrom\s*["'`](?:node:)?http["'`]/)
})
