import { describe, expect, it } from 'vitest'
import { fresh, googleIdentity, person } from '../testing/samples.ts'
import { decideLink } from './link.ts'

const account = person(1)
const google = { ...googleIdentity(), userName: 'Google_1180', native: false }
const because = fresh(google)

describe('a sign-in method that the user wants to add', () => {
  it('that the person has already changes nothing', () => {
    expect(decideLink({ account, owner: account, because })).toEqual({ kind: 'already', person: account })
  })

  it('without a person is linked', () => {
    expect(decideLink({ account, owner: undefined, because })).toEqual({
      kind: 'links',
      person: account,
      merges: undefined,
      because,
    })
  })

  it('that is another person’s makes one person of the two', () => {
    const owner = person(2, [google])
    expect(decideLink({ account, owner, because })).toEqual({ kind: 'links', person: account, merges: owner, because })
  })
})
