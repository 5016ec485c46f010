import type { Emulator } from '@onesub/emulator'
import type { Env, Hono } from 'hono'
import type { RecordStore } from '../api/records.ts'
import type { StagePool } from './pools.ts'

/** One of the two panes: a pool, and the application on it. */
export interface Side {
  readonly pool: StagePool
  // The two have nothing in common but that they answer.
  readonly api: Pick<Hono<Env>, 'fetch'>
  readonly records: RecordStore
  /** Whether its account page can join two sign-in methods. */
  readonly linking: boolean
  /** The id that the application stores the data under; undefined without a person. */
  ownerOf(sub: string): Promise<string | undefined>
  close(): void
}

interface SeenUser {
  readonly address: string
  readonly providers: readonly string[]
  readonly isConfirmed: boolean
  /** 1 for the first person, and so on; null while it is nobody. */
  readonly person: number | null
}

export interface Mail {
  readonly to: string
  readonly code: string
  readonly at: number
}

/** What there is now, read from the pool, the registry and the table; nothing is remembered from earlier requests. */
export interface Seen {
  readonly users: readonly SeenUser[]
  /** Records by person, in the order of `person`. */
  readonly records: readonly number[]
  /** Newest first. */
  readonly mail: readonly Mail[]
}

export async function seenOn({ pool, ownerOf, records }: Side, emulator: Emulator): Promise<Seen> {
  const users = emulator.users(pool.userPoolId).map(userIn)
  const owners = await Promise.all(users.map(({ sub }) => ownerOf(sub)))
  const persons = [...new Set(owners.filter((owner) => owner !== undefined))]
  return {
    users: users.map(({ address, providers, isConfirmed }, at) => {
      const owner = owners[at]
      return { address, providers, isConfirmed, person: owner === undefined ? null : persons.indexOf(owner) + 1 }
    }),
    records: persons.map((person) => records.count(person)),
    mail: users
      .flatMap(({ userName, address }) =>
        emulator.inbox(pool.userPoolId, userName).map(({ code, at }) => ({ to: address, code, at })),
      )
      .sort((a, b) => b.at - a.at)
      .slice(0, 3),
  }
}

function userIn({ Username, UserStatus, UserAttributes }: Readonly<Record<string, unknown>>) {
  const attributes: readonly unknown[] = Array.isArray(UserAttributes) ? UserAttributes : []
  const attribute = (name: string): string => {
    const found = attributes.map(Object).find(({ Name }) => Name === name)
    return typeof found?.Value === 'string' ? found.Value : ''
  }
  const identities: unknown = JSON.parse(attribute('identities') || '[]')
  return {
    userName: String(Username),
    sub: attribute('sub'),
    address: attribute('email'),
    providers: Array.isArray(identities) ? identities.map((one) => String(Object(one).providerName)) : [],
    isConfirmed: UserStatus !== 'UNCONFIRMED',
  }
}
