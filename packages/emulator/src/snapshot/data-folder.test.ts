import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EmulatorOptions, startEmulator } from '../start.ts'
import { confirmedUser, openPool, PASSWORD, refusal, sdkFor } from '../testing/open-pool.ts'
import { STATE_FILE } from './data-folder.ts'

let home = ''
let data = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'emulator-data-'))
  data = join(home, 'state')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const fileText = () => readFileSync(join(data, STATE_FILE), 'utf8')
const failedStart = (options: EmulatorOptions = { data }) => refusal(startEmulator(options).then((it) => it.close()))

/** One start with a user in it, closed again. */
async function kept() {
  const emulator = await startEmulator({ data })
  const pool = await openPool(emulator)
  const sub = await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
  await emulator.close()
  return { pool, sub }
}

describe('a data folder', () => {
  it('lets the next start go on: the same person signs in with the same password', async () => {
    const { pool, sub } = await kept()
    const emulator = await startEmulator({ data })
    expect(emulator.users(pool.UserPoolId)).toMatchObject([{ Username: 'ada', UserStatus: 'CONFIRMED' }])
    const sdk = sdkFor(emulator)
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const { ClientId } = pool
    const signIn = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    const token = (await sdk.send(signIn)).AuthenticationResult?.IdToken ?? ''
    expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ sub })
    await emulator.close()
  })

  it('is written soon after a change, without waiting for the end', async () => {
    const emulator = await startEmulator({ data })
    emulator.setPersona({ id: 'bea', sub: '7' })
    await vi.waitFor(() => expect(fileText()).toContain('"bea"'), { timeout: 10_000 })
    await openPool(emulator, { pool: { PoolName: 'my shop' } })
    await vi.waitFor(() => expect(fileText()).toContain('my shop'), { timeout: 10_000 })
    await emulator.close()
  })

  it('gives way to the switches and personas of a start', async () => {
    const first = await startEmulator({ data, quirks: { linkInPreSignUp: 'succeed' } })
    first.setQuirks({ sixthIdentity: 'LimitExceededException' })
    first.setPersona({ id: 'ada', sub: '1' })
    await first.close()
    const second = await startEmulator({ data, personas: [{ id: 'ada', sub: '2' }] })
    expect(second.quirks().linkInPreSignUp).toBe('succeed')
    expect(second.personas()).toEqual([{ id: 'ada', sub: '2' }])
    await second.close()
  })

  it('T138: is for its owner only, whatever the umask, and leaves nothing else behind', async () => {
    const before = process.umask(0)
    try {
      await kept()
    } finally {
      process.umask(before)
    }
    expect([modeOf(data), modeOf(join(data, STATE_FILE))]).toEqual(['700', '600'])
    expect(readdirSync(data)).toEqual([STATE_FILE])
  })

  it('T138: makes no path of what pools and users are called', async () => {
    const emulator = await startEmulator({ data })
    const pool = await openPool(emulator, { pool: { PoolName: '../../escaped' } })
    await pool.signUp('../../escaped', { email: 'ada@example.com' })
    await emulator.close()
    expect([readdirSync(home), readdirSync(data)]).toEqual([['state'], [STATE_FILE]])
  })

  it.each(['', '/'])('T138: that is a symbolic link is refused (written with “%s” at its end)', async (end) => {
    mkdirSync(join(home, 'real'))
    symlinkSync(join(home, 'real'), data)
    expect(await failedStart({ data: `${data}${end}` })).toContain('is a symbolic link')
    expect(readdirSync(join(home, 'real'))).toEqual([])
  })

  it('T138: whose file is a symbolic link is refused, and its target stays', async () => {
    const target = join(home, 'target')
    writeFileSync(target, 'precious')
    mkdirSync(data, { mode: 0o700 })
    symlinkSync(target, join(data, STATE_FILE))
    expect(await failedStart()).toContain('links are not followed')
    expect(readFileSync(target, 'utf8')).toBe('precious')
  })

  it('T138: whose file becomes a symbolic link while running is not written through', async () => {
    const target = join(home, 'target')
    writeFileSync(target, 'precious')
    const emulator = await startEmulator({ data })
    emulator.setPersona({ id: 'bea', sub: '7' })
    symlinkSync(target, join(data, STATE_FILE))
    expect(await refusal(emulator.close())).toContain('links are not followed')
    expect(readFileSync(target, 'utf8')).toBe('precious')
  })

  it('T138: that others can write is refused', async () => {
    mkdirSync(data)
    chmodSync(data, 0o777)
    expect(await failedStart()).toContain('can be written by others')
  })

  it('that is a file is refused', async () => {
    writeFileSync(data, '')
    expect(await failedStart()).toMatch(/EEXIST|not a folder/u)
  })

  it.each([
    ['is cut off', '{"version":1,"pools":[', 'It is not JSON.'],
    ['is of a later version', '{"version":2}', 'version 1'],
    ['lacks something', '{"version":1,"clockAheadMs":0}', 'malformed at quirks'],
  ])('whose file %s stops the start, and the file stays as it was', async (_, text, reason) => {
    mkdirSync(data, { mode: 0o700 })
    writeFileSync(join(data, STATE_FILE), text)
    const complaint = await failedStart()
    expect(complaint).toContain('left untouched')
    expect(complaint).toContain(reason)
    expect(fileText()).toBe(text)
  })

  it('is not made for an emulator that keeps nothing', async () => {
    await (await startEmulator()).close()
    expect(existsSync(data)).toBe(false)
  })
})
