import { OnesubError } from '../core/errors.ts'
import { isFromBefore } from '../core/fresh-proof.ts'
import type { Person, PersonId } from '../core/person.ts'
import type { Clock, Registry } from '../core/ports.ts'
import { survivorOf } from '../core/survivor.ts'
import { BELIEVED_FOR_MS } from './remembering.ts'

export type PersonReader = Pick<Registry, 'person'>

export interface IdentifierStatus {
  /** The survivor, where the one asked for was merged away. */
  readonly person: PersonId
  /** Epoch milliseconds; counted from the read, not from the question, so that nothing older than a minute is believed. */
  readonly until: number
}

interface Reading {
  readonly person: Promise<Person | undefined>
  readonly until: number
}

/** People read lately; the first read is the first to be too old. */
const MOST_READINGS = 10_000

/** Tells whether a person's token still stands; throws `TOKEN_INVALID` (`ended`) where it does not. One read per person and minute. */
export function personStatusFrom(reader: PersonReader, clock: Clock) {
  const readings = new Map<PersonId, Reading>()

  const survivor = async (id: PersonId) => survivorOf(await reader.person(id), (next) => reader.person(next))

  function read(id: PersonId): Reading {
    const now = clock()
    const known = readings.get(id)
    if (known && now < known.until) return known
    const reading = { person: survivor(id), until: now + BELIEVED_FOR_MS }
    readings.delete(id)
    readings.set(id, reading)
    for (const oldest of readings.keys()) {
      if (readings.size <= MOST_READINGS) break
      readings.delete(oldest)
    }
    // A failed read is not kept: the next request asks again.
    reading.person.catch(() => readings.get(id) === reading && readings.delete(id))
    return reading
  }

  return async (id: PersonId, claims: Readonly<Record<string, unknown>>): Promise<IdentifierStatus> => {
    const { person: reading, until } = read(id)
    const person = await reading
    if (!person || isFromBefore({ at: signedInAt(claims) }, person)) {
      throw new OnesubError('TOKEN_INVALID', { detail: 'ended' })
    }
    return { person: person.id, until }
  }
}

/**
 * Epoch milliseconds. The time of the sign-in stays the same through refreshes (developer guide, "Understanding the access token"), and the
 * time of issue does not: a token that does not say when its user signed in is as old as can be.
 */
function signedInAt({ auth_time }: Readonly<Record<string, unknown>>): number {
  return typeof auth_time === 'number' ? auth_time * 1_000 : 0
}
