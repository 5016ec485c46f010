import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { OnesubError } from '../core/errors.ts'
import { freshEmail, freshPerson, reserving } from '../testing/store-contract/sample-changes.ts'
import { createLazyRegistry, type LazyRegistry } from './index.ts'
import { createMemoryRegistry } from './memory/index.ts'
import { migratePostgres, openPostgresRegistry } from './postgres/index.ts'
import { startPostgres } from './postgres/testing/server.ts'
import { openSqliteRegistry } from './sqlite/index.ts'
import { contractCases } from './testing/contract-tests.ts'

contractCases('lazy', {
  // `told` and `prune` are reached through `opened`.
  features: [],
  async create() {
    let memory: ReturnType<typeof createMemoryRegistry> | undefined
    return {
      async open(options) {
        const registry = createLazyRegistry(() => createMemoryRegistry(options))
        memory = await registry.opened()
        return registry
      },
      events: async () => ((await memory?.told(0, Number.MAX_SAFE_INTEGER)) ?? []).map(({ event }) => event),
    }
  },
})

describe('a registry that is opened when it is first asked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onesub-lazy-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('T163: opens nothing before the first call, then once for all simultaneous calls', async () => {
    let openings = 0
    const registry = createLazyRegistry(async () => {
      openings += 1
      await sleep(20)
      return createMemoryRegistry()
    })
    await sleep(5)
    expect(openings).toBe(0)
    const [key, person] = [freshEmail(), freshPerson()]
    await Promise.all([
      registry.commit(reserving(key, 'ada')),
      registry.person(person),
      registry.admit('eu-west-1_Aaaaaaaaa'),
    ])
    await registry.resolve({ pool: 'p', provider: 'Google', subject: '1' })
    expect(openings).toBe(1)
  })

  it('T163: is made while the store is down, says so at each call, and works once it is back', async () => {
    let isUp = false
    let openings = 0
    const registry = createLazyRegistry(() => {
      openings += 1
      if (!isUp) throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' })
      return createMemoryRegistry()
    })
    for (let call = 0; call < 2; call += 1) {
      const error: unknown = await registry.commit(reserving(freshEmail(), 'ada')).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
      expect(String(error)).not.toContain('10.1.2.3')
    }
    expect(openings).toBe(2)
    isUp = true
    expect(await registry.commit(reserving(freshEmail(), 'ada'))).toMatchObject({ outcome: 'committed' })
    expect(await registry.commit(reserving(freshEmail(), 'bob'))).toMatchObject({ outcome: 'committed' })
    expect(openings).toBe(3)
  })

  it('T163: a wrong configuration keeps saying so', async () => {
    const path = join(folder, 'pepper.db')
    openSqliteRegistry({ path, pepper: 'the pepper of the first opening' }).close()
    const registry = createLazyRegistry(() => openSqliteRegistry({ path, pepper: 'another pepper than that' }))
    for (let call = 0; call < 3; call += 1) {
      await expect(registry.person(freshPerson())).rejects.toMatchObject({ code: 'CONFIG_INVALID', retry: false })
    }
  })

  it.each([
    ['a promise', Promise.resolve(createMemoryRegistry())],
    ['a registry', createMemoryRegistry()],
    ['nothing', undefined],
  ])('T112: is refused at start with %s for the function', (_, open) => {
    expect(() => Reflect.apply(createLazyRegistry, undefined, [open])).toThrow(
      /CONFIG_INVALID: createLazyRegistry needs a function that opens one/,
    )
  })

  it('T112: is refused at start with an option that does not exist', () => {
    const options = [createMemoryRegistry, { openWithinMs: 50 }]
    expect(() => Reflect.apply(createLazyRegistry, undefined, options)).toThrow(
      /CONFIG_INVALID: There is no option "openWithinMs". Did you mean "opensWithinMs"/,
    )
  })

  it.each([undefined, createMemoryRegistry])(
    'T112: says so where the function gives no registry: %s',
    async (given) => {
      const registry: LazyRegistry = Reflect.apply(createLazyRegistry, undefined, [async () => given])
      const refused = { code: 'CONFIG_INVALID', message: expect.stringMatching(/gives no registry: return what/) }
      await expect(registry.person(freshPerson())).rejects.toMatchObject(refused)
      await expect(registry.opened()).rejects.toMatchObject(refused)
    },
  )

  it('T168: admits the pools that the registry itself admits', async () => {
    const registry = createLazyRegistry(() => createMemoryRegistry())
    await registry.admit('eu-west-1_Aaaaaaaaa')
    await expect(registry.admit('eu-west-1_Bbbbbbbbb')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('T163: what we have said ourselves stays as it is', async () => {
    const ours = new OnesubError('TRY_AGAIN', { detail: 'busy' })
    await expect(createLazyRegistry(() => Promise.reject(ours)).opened()).rejects.toBe(ours)
  })

  it('T163: an opening that hangs delays its callers for a limited time, and the next call starts another', async () => {
    let openings = 0
    const open = () => {
      openings += 1
      return openings === 1 ? new Promise<never>(() => {}) : createMemoryRegistry()
    }
    const registry = createLazyRegistry(open, { opensWithinMs: 30 })
    const began = performance.now()
    await expect(registry.person(freshPerson())).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retry: true })
    // As long as the option says, and not as long as where nothing is said.
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(await registry.person(freshPerson())).toBeUndefined()
  })

  it('T163: over a PostgreSQL server that is started later', async () => {
    const client = new pg.Pool({ connectionString: 'postgres://postgres@127.0.0.1:9/postgres' })
    let pool = client
    const registry = createLazyRegistry(async () =>
      openPostgresRegistry({ client: pool, pepper: null, schema: 'onesub_lazy' }),
    )
    await expect(registry.admit('eu-west-1_Aaaaaaaaa')).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    const server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url })
    await expect(registry.admit('eu-west-1_Aaaaaaaaa')).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' })
    await migratePostgres(pool, { schema: 'onesub_lazy' })
    await registry.admit('eu-west-1_Aaaaaaaaa')
    expect(await registry.commit(reserving(freshEmail(), 'ada'))).toMatchObject({ outcome: 'committed' })
    await pool.query('drop schema onesub_lazy cascade')
    await Promise.all([client.end(), pool.end()])
    await server.stop()
  })
})
