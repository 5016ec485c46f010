import { beforeEach, describe, expect, it } from 'vitest'
import type { Person, PersonId } from '../core/person.ts'
import { person, personId } from '../core/testing/samples.ts'
import { personStatusFrom } from './person-status.ts'

let now: number
let reads: PersonId[]
let known: (id: PersonId) => Promise<Person | undefined>

beforeEach(() => {
  now = 0
  reads = []
  known = async (id) => ({ ...person(), id })
})

const open = () => {
  const reader = {
    person(id: PersonId) {
      reads.push(id)
      return known(id)
    },
  }
  return personStatusFrom(reader, () => now)
}
const claims = { auth_time: 100 }

describe('the status of a person', () => {
  it('is believed for a minute from the read on', async () => {
    const stand = open()
    now = 5_000
    expect(await stand(personId(1), claims)).toEqual({ person: personId(1), until: 65_000 })
    now = 64_999
    expect(await stand(personId(1), claims)).toEqual({ person: personId(1), until: 65_000 })
    now = 65_000
    expect(await stand(personId(1), claims)).toEqual({ person: personId(1), until: 125_000 })
    expect(reads).toEqual([personId(1), personId(1)])
  })

  it('is kept of the 10,000 people read last, so that the memory has a bound', async () => {
    const stand = open()
    for (let last = 0; last < 10_000; last += 1) await stand(personId(last), claims)
    // Read again, the person is among the newest entries.
    now = 60_000
    await stand(personId(0), claims)
    reads = []
    await stand(personId(10_000), claims)
    await stand(personId(0), claims)
    expect(reads).toEqual([personId(10_000)])
    now = 59_999
    await stand(personId(2), claims)
    expect(reads).toEqual([personId(10_000)])
    await stand(personId(1), claims)
    expect(reads).toEqual([personId(10_000), personId(1)])
  })

  it('T77: belongs to the survivor after any number of merges in a row', async () => {
    const chain = (length: number) => async (id: PersonId) => {
      const at = Number(id.slice(-2))
      return { ...person(), id, mergedInto: at < length ? personId(at + 1) : null }
    }
    for (const length of [1, 8, 40]) {
      known = chain(length)
      expect(await open()(personId(0), claims)).toMatchObject({ person: personId(length) })
    }
  })

  it('T112: that could not be read is read again, and a late failure takes back no later reading', async () => {
    const stand = open()
    let fail: (error: Error) => void = () => {}
    known = () => new Promise((_, reject) => (fail = reject))
    const first = stand(personId(1), claims)
    now = 60_000
    known = async (id) => ({ ...person(), id })
    await stand(personId(1), claims)
    fail(new Error('locked'))
    await expect(first).rejects.toThrow('locked')
    await stand(personId(1), claims)
    expect(reads).toHaveLength(2)
    now = 120_000
    known = async () => Promise.reject(new Error('locked'))
    await expect(stand(personId(1), claims)).rejects.toThrow('locked')
    known = async (id) => ({ ...person(), id })
    await stand(personId(1), claims)
    expect(reads).toHaveLength(4)
  })
})
