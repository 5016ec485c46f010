import { invalidParameter, resourceNotFound } from '../shared/faults.ts'
import { AppClient, type ClientSettings } from './app-client.ts'
import type { Pool } from './pool.ts'

export interface ClientInPool {
  readonly client: AppClient
  readonly pool: Pool
}

/** All pools of the one emulated account and Region; app client ids and domains are unique across them. */
export class Account {
  readonly #pools = new Map<string, Pool>()
  readonly #clients = new Map<string, AppClient>()
  readonly #poolOfDomain = new Map<string, string>()

  get pools(): Iterable<Pool> {
    return this.#pools.values()
  }

  pool(id: string): Pool {
    const pool = this.#pools.get(id)
    if (!pool) throw resourceNotFound(`User pool ${id} does not exist.`)
    return pool
  }

  find(id: string): Pool | undefined {
    return this.#pools.get(id)
  }

  addPool(pool: Pool): void {
    this.#pools.set(pool.id, pool)
  }

  removePool(pool: Pool): void {
    for (const id of pool.clientIds) this.#clients.delete(id)
    if (pool.domain) this.#poolOfDomain.delete(pool.domain)
    this.#pools.delete(pool.id)
  }

  addClient(pool: Pool, id: string, secret: string | undefined, settings: ClientSettings, now: number): AppClient {
    const client = new AppClient(id, pool.id, secret, settings, now)
    this.#clients.set(id, client)
    pool.clientIds.add(id)
    return client
  }

  removeClient({ client, pool }: ClientInPool): void {
    this.#clients.delete(client.id)
    pool.clientIds.delete(client.id)
  }

  findClient(id: string): ClientInPool | undefined {
    const client = this.#clients.get(id)
    return client && { client, pool: this.pool(client.poolId) }
  }

  client(id: string): ClientInPool {
    const found = this.findClient(id)
    if (!found) throw resourceNotFound(`User pool client ${id} does not exist.`)
    return found
  }

  clientOf(poolId: string, id: string): ClientInPool {
    const pool = this.pool(poolId)
    const found = this.client(id)
    if (found.pool !== pool) throw resourceNotFound(`User pool client ${id} does not exist.`)
    return found
  }

  addDomain(pool: Pool, domain: string): void {
    if (this.#poolOfDomain.has(domain)) throw invalidParameter('Domain already associated with another user pool.')
    if (pool.domain) throw invalidParameter('User pool already has a domain configured.')
    this.#poolOfDomain.set(domain, pool.id)
    pool.domain = domain
  }

  poolOfDomain(domain: string): Pool | undefined {
    const id = this.#poolOfDomain.get(domain)
    return id === undefined ? undefined : this.#pools.get(id)
  }

  removeDomain(pool: Pool): void {
    if (pool.domain) this.#poolOfDomain.delete(pool.domain)
    pool.domain = undefined
  }

  /** Replaces everything here by what `other` holds. */
  become(other: Account): void {
    this.clear()
    for (const [id, pool] of other.#pools) this.#pools.set(id, pool)
    for (const [id, client] of other.#clients) this.#clients.set(id, client)
    for (const [domain, id] of other.#poolOfDomain) this.#poolOfDomain.set(domain, id)
  }

  clear(): void {
    for (const pool of [...this.#pools.values()]) this.removePool(pool)
  }
}

export interface AccountContext {
  readonly account: Account
}
