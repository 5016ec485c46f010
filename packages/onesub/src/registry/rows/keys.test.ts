import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emailKey } from '../../core/testing/samples.ts'
import { rowKeys } from './keys.ts'

const PEPPER = 'sixteen characters'
const names = rowKeys(PEPPER)

describe('a sealed address', () => {
  const { seal, unseal } = names

  it('is read back by the holder of the pepper alone, and never lies there in clear', () => {
    const sealed = seal('Ada@Example.com') ?? ''
    expect(unseal(sealed)).toBe('Ada@Example.com')
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('Ada')
    expect(seal('Ada@Example.com')).not.toBe(sealed)
    expect(rowKeys('another pepper than that').unseal(sealed)).toBeNull()
    const changed = Buffer.from(sealed, 'base64url')
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(unseal(changed.toString('base64url'))).toBeNull()
    expect(unseal('')).toBeNull()
    expect(seal(null)).toBeNull()
  })

  it('that an earlier version has sealed can be read', () => {
    expect(unseal('Rtlb0J6QtdlMIJqoNA5EqvV_jgVh6FiJqp4gXUqjsGqNqclR_4GooaOZgw')).toBe('Ada@Example.com')
  })

  it('is not kept at all where there is no pepper', () => {
    expect(rowKeys(null).seal('Ada@Example.com')).toBeNull()
    expect(rowKeys(null).unseal(seal('Ada@Example.com') ?? '')).toBeNull()
  })
})

describe('the name of a row', () => {
  it('T53: is another one for every other identity', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'a#b', 'b', 'b#c', '1:a', ''))
    const identity = fc.record({ pool: text, provider: text, subject: text })
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = a.pool === b.pool && a.provider === b.provider && a.subject === b.subject
        expect(names.identity(a) === names.identity(b)).toBe(same)
      }),
      { numRuns: 2_000 },
    )
  })

  it('T53: is another one where a letter’s case alone differs', () => {
    const row = { pool: 'p', provider: 'Corp', subject: 'AbC' }
    const named = [row, { ...row, subject: 'abc' }, { ...row, provider: 'corp' }, { ...row, pool: 'P' }].map(
      names.identity,
    )
    expect(new Set(named).size).toBe(4)
  })

  it('T53: tells even ill-formed subjects apart, which JSON can carry', () => {
    const named = (subject: string) => names.identity({ pool: 'p', provider: 'Corp', subject })
    expect(named('\ud800')).not.toBe(named('\ud801'))
    expect(named('\ud800')).not.toBe(named('\ufffd'))
  })

  it('T46: has one length, whatever it names, and shows nothing of it', () => {
    const long = names.identity({ pool: 'p', provider: 'Corp', subject: 'x'.repeat(100_000) })
    expect(long).toMatch(/^[\w-]{43}$/)
    expect(names.ownership(emailKey())).toMatch(/^[\w-]{43}$/)
  })

  it('is what it was in earlier versions, or their rows would be lost', () => {
    const google = { pool: 'p', provider: 'Google', subject: '1180' }
    expect(names.ownership(emailKey())).toBe('lfz2RG6THuQdaiopw5P0Jj2jcOZC6yk-P_eHbGcJu70')
    expect(names.identity(google)).toBe('a-7KuWcbxzXb1RoWAPh7Gmi7sXDvcUhkxz-5-JiiPME')
    expect(rowKeys(null).ownership(emailKey())).toBe('_sn8xOIM5DJJ8P75AXJGFLT2jL3_7kvv7h38e_1LNRg')
    expect(rowKeys(null).identity(google)).toBe('tPaCBFzynOARJZvd7Vr0O8jK2wdYH6l0jV4SaHcxMXU')
  })

  it('depends on the pepper, so that a copy of the store cannot be searched by guessing', () => {
    const other = rowKeys('another pepper, as long')
    expect(other.ownership(emailKey())).not.toBe(names.ownership(emailKey()))
    expect(rowKeys(null).ownership(emailKey())).not.toBe(names.ownership(emailKey()))
  })
})

it('a pepper of 16 characters is one', () => {
  expect(rowKeys('x'.repeat(16)).ownership(emailKey())).toMatch(/^[\w-]{43}$/)
})

it.each([undefined, '', 'short', 'x'.repeat(15), 7, Array(16).fill('x')])(
  'T112: a pepper that is none is refused at start: %j',
  (pepper) => {
    // A JavaScript user has no compiler that rejects it.
    const options: { pepper: string } = JSON.parse(JSON.stringify({ pepper }))
    expect(() => rowKeys(options.pepper)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => rowKeys(options.pepper)).toThrow(/"pepper" must be a string of 16 characters or more, or null/)
  },
)
