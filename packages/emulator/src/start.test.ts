import { spawn } from 'node:child_process'
import { connect, createServer, Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Emulator, HOSTILE_QUIRKS, hostilePersonas, QUIRKS, startEmulator } from './index.ts'
import { parseQuirks } from './quirks/quirks.ts'
import { openPool } from './testing/open-pool.ts'
import { arrive } from './testing/walk.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

describe('where the emulator runs', () => {
  it.each([
    ['AWS_LAMBDA_FUNCTION_NAME', 'my-function'],
    ['NODE_ENV', 'production'],
  ])('T132: refuses to start when %s is %s', async (name, value) => {
    vi.stubEnv(name, value)
    try {
      await expect(startEmulator()).rejects.toThrow(/refuses to start/u)
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('T132: cannot be reached by another address of this machine', async () => {
    const foreign = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal)
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ port: emulator.port, host: foreign?.address ?? '127.0.0.2', timeout: 2_000 })
      socket.on('connect', () => resolve('connected'))
      socket.on('error', () => resolve('refused'))
      socket.on('timeout', () => resolve('refused'))
    })
    expect(outcome).toBe('refused')
  })

  it('T132: takes no other host than a loopback name', async () => {
    const options: object = { host: '0.0.0.0' }
    await expect(startEmulator(options)).rejects.toThrow(/loopback only/u)
  })

  async function taken(address: string, port = 0): Promise<Server> {
    const server = createServer()
    await new Promise<void>((ready) => server.listen(port, address, ready))
    return server
  }
  const portOf = (server: Server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === '::1')

  it.skipIf(!hasIpv6).each([
    ['127.0.0.1', { host: 'localhost' }],
    ['::1', { host: 'localhost' }],
    ['::1', { host: '::1' }],
    ['127.0.0.1', {}],
    ['::1', { host: 'localhost', https: true }],
  ] as const)('says that its port is taken on %s, and leaves nothing open, with %j', async (address, options) => {
    const other = await taken(address)
    const port = portOf(other)
    const wanted = 'https' in options ? { httpsPort: port } : { port }
    const start = startEmulator({ ...options, ...wanted })
    await expect(start).rejects.toThrow(`Port ${port} is taken on ${address}. Stop the program that listens there`)
    const free = await taken(address === '::1' ? '127.0.0.1' : '::1', port)
    for (const server of [free, other]) server.close()
  })

  it.skipIf(!hasIpv6)('answers on both addresses of localhost, by one port', async () => {
    const both = await startEmulator({ host: 'localhost' })
    try {
      for (const address of ['127.0.0.1', '[::1]', 'localhost']) {
        expect((await fetch(`http://${address}:${both.port}/_onesub/health`)).status).toBe(200)
      }
    } finally {
      await both.close()
    }
    await expect(fetch(`http://[::1]:${both.port}/_onesub/health`)).rejects.toThrow()
  })

  it.skipIf(!hasIpv6)('takes another port where any will do and the first is taken on ::1 only', async () => {
    const { listen } = Server.prototype
    const ports: unknown[] = []
    const listening = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...given) {
      ports.push(given[0])
      if (ports.length !== 2) return Reflect.apply(listen, this, given)
      queueMicrotask(() => this.emit('error', Object.assign(new Error('taken'), { code: 'EADDRINUSE' })))
      return this
    })
    const emulator = await startEmulator({ host: 'localhost' }).finally(() => listening.mockRestore())
    const [, first, , second] = ports
    expect(ports).toEqual([0, first, 0, second])
    expect(emulator.port).toBe(second)
    await emulator.close()
  })

  it('refuses quirks it does not know', async () => {
    const quirks: object = { linkInPresignup: 'failOnce' }
    await expect(startEmulator({ quirks })).rejects.toThrow('There is no quirk named "linkInPresignup".')
  })
})

describe('quirks', () => {
  it('each have a default among their positions, an explanation and a public source', () => {
    for (const quirk of Object.values(QUIRKS)) {
      const places: readonly string[] | 'milliseconds' = quirk.positions
      expect(places === 'milliseconds' ? typeof quirk.default : places[0]).toBe(
        places === 'milliseconds' ? 'number' : quirk.default,
      )
      expect(quirk.what.length).toBeGreaterThan(10)
      expect(quirk.source).toMatch(/#\d+|Developer Guide: |API reference: /u)
    }
  })

  it('a pool can differ from the rest', () => {
    emulator.setQuirks({ mergeAttempt: 'errorOnly' }, 'us-east-1_one')
    expect(emulator.quirks('us-east-1_one').mergeAttempt).toBe('errorOnly')
    expect(emulator.quirks('us-east-1_two').mergeAttempt).toBe('errorAndLink')
  })

  it.each([{ mergeAttempt: 'maybe' }, { listUsersLagMs: -1 }, { listUsersLagMs: '5' }, 7])(
    '%j is no setting',
    (given) => {
      expect(() => parseQuirks(given)).toThrow(TypeError)
    },
  )
})

describe('the control API', () => {
  const call = async (path: string, method = 'GET', body?: unknown) => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${emulator.endpoint}/_onesub${path}`, { method, ...json })
    return { status: answer.status, body: Object(await answer.json()) }
  }

  it('tells that it is ready and what is emulated', async () => {
    const { body } = await call('/health')
    expect(body).toMatchObject({ status: 'ready', operations: expect.arrayContaining(['SignUp']) })
  })

  it('shows and sets quirks, for all or for one pool, and refuses unknown positions', async () => {
    expect((await call('/quirks')).body.values.linkInPreSignUp).toBe('failOnce')
    await call('/quirks?userPoolId=p1', 'PUT', { linkInPreSignUp: 'succeed' })
    expect((await call('/quirks?userPoolId=p1')).body.values.linkInPreSignUp).toBe('succeed')
    expect((await call('/quirks')).body.values.linkInPreSignUp).toBe('failOnce')
    expect(await call('/quirks', 'PUT', { linkInPreSignUp: 'x' })).toMatchObject({ status: 400 })
  })

  it('keeps personas, and the next sign-in uses them', async () => {
    const persona = { id: 'ada', sub: '1099', email: 'ada@example.com', hd: 'example.com' }
    expect((await call('/personas', 'PUT', persona)).body.personas).toEqual([persona])
    const pool = await openPool(emulator, { google: { email: 'email' } })
    expect((await arrive(pool, 'ada')).searchParams.get('code')).toBeTruthy()
    expect((await call('/personas/ada', 'DELETE')).body.personas).toEqual([])
    expect((await call('/personas', 'PUT', { id: 'x' })).status).toBe(400)
  })

  it('shows codes, users and trigger runs', async () => {
    emulator.setTrigger('pre', (event) => event)
    const pool = await openPool(emulator, {
      pool: { LambdaConfig: { PreSignUp: 'arn:aws:lambda:us-east-1:000000000000:function:pre' } },
    })
    await pool.signUp('ada', { email: 'ada@example.com' })
    const inbox = await call(`/inbox?userPoolId=${pool.UserPoolId}&username=ada`)
    expect(inbox.body.newest).toMatchObject({
      code: pool.code('ada'),
      purpose: 'SignUp',
      destination: 'ada@example.com',
    })
    expect((await call(`/users?userPoolId=${pool.UserPoolId}`)).body.users).toMatchObject([{ Username: 'ada' }])
    expect((await call('/trigger-calls')).body.calls.at(-1)).toMatchObject({
      source: 'PreSignUp_SignUp',
      ms: expect.any(Number),
    })
    await call('/trigger-calls', 'DELETE')
    expect(emulator.triggerCalls()).toEqual([])
    expect((await call('/users?userPoolId=none')).status).toBe(404)
    expect((await call('/users')).status).toBe(400)
  })

  it('resets everything to the start, and takes no form posts', async () => {
    const pool = await openPool(emulator)
    const form = await fetch(`${emulator.endpoint}/_onesub/reset`, { method: 'POST', body: new URLSearchParams('a=b') })
    expect(form.status).toBe(400)
    expect(emulator.users(pool.UserPoolId)).toEqual([])
    await call('/reset', 'POST', {})
    expect(() => emulator.users(pool.UserPoolId)).toThrow('does not exist')
    expect((await call('/nothing')).status).toBe(404)
  })
})

describe('the command line', () => {
  function run(args: readonly string[], environment: Record<string, string> = {}) {
    const source = `import(${JSON.stringify(new URL('./main.ts', import.meta.url).href)}).then((m) => m.main(${JSON.stringify(args)}))`
    return spawn(process.execPath, ['-e', source], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  it('--https prints the second address and its authority, --hostile turns the nasty switches on together', async () => {
    const child = run(['--port', '0', '--json', '--https', '--hostile'])
    const line = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))))
    const said = JSON.parse(line)
    expect(said.https).toMatch(/^https:\/\/127\.0\.0\.1:[0-9]+$/u)
    expect(said.ca).toMatch(/^-----BEGIN CERTIFICATE-----/u)
    const quirks = await (await fetch(`${said.endpoint}/_onesub/quirks`)).json()
    expect(quirks).toMatchObject({ values: { ...HOSTILE_QUIRKS } })
    const personas = await (await fetch(`${said.endpoint}/_onesub/personas`)).json()
    expect(personas).toMatchObject({ personas: hostilePersonas() })
    child.kill('SIGTERM')
    await ended(child)
  })

  const ended = (child: ReturnType<typeof run>) => new Promise((resolve) => child.once('exit', resolve))

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one line of JSON when ready, and ends cleanly on %s',
    async (signal) => {
      const child = run(['--port', '0', '--json'])
      let output = ''
      const ready = new Promise<void>((resolve) => {
        child.stdout.on('data', (data) => {
          output += String(data)
          resolve()
        })
      })
      await ready
      const { endpoint, pid } = Object(JSON.parse(output))
      expect(pid).toBe(child.pid)
      expect((await fetch(`${endpoint}/_onesub/health`)).status).toBe(200)
      child.kill(signal)
      expect(await ended(child)).toBe(0)
      expect(output.split('\n')).toEqual([expect.any(String), ''])
    },
  )

  it.each([
    [['--port', 'many'], 'A port is a number'],
    [['--trigger', 'nothing'], 'Write it as name=target.'],
  ])('explains wrong arguments: %j', async (args, text) => {
    const child = run(args)
    let complaint = ''
    child.stderr.on('data', (data) => {
      complaint += String(data)
    })
    expect(await ended(child)).toBe(1)
    expect(complaint).toContain(text)
  })

  it('T132: refuses production with a clear text', async () => {
    const child = run(['--port', '0', '--json'], { NODE_ENV: 'production' })
    let complaint = ''
    child.stderr.on('data', (data) => {
      complaint += String(data)
    })
    expect(await ended(child)).toBe(1)
    expect(complaint).toContain('refuses to start: NODE_ENV is production')
  })
})
