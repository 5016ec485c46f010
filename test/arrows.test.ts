import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Where code lives, longest path first wins. A file outside every room is a mistake of its own. */
const ROOMS = {
  'packages/onesub/src/core': 'core',
  'packages/onesub/src/registry': 'registry',
  'packages/onesub/src/user-pool': 'user-pool',
  'packages/onesub/src/triggers': 'triggers',
  'packages/onesub/src/verify': 'verify',
  'packages/onesub/src/browser': 'browser',
  'packages/onesub/src/vite': 'vite',
  'packages/onesub/src/aws': 'aws',
  'packages/onesub/src/account': 'account',
  'packages/onesub/src/testing': 'testing',
  'packages/onesub/src': 'onesub',
  'packages/emulator/src': 'emulator',
  'packages/cli/src': 'cli',
} as const

type Room = (typeof ROOMS)[keyof typeof ROOMS]

const PACKAGES: Record<string, Room> = { onesub: 'onesub', '@onesub/emulator': 'emulator', '@onesub/cli': 'cli' }

/** What each room may import, and why nothing else. A new room costs one entry. */
const MAY_IMPORT: Readonly<Record<Room, { readonly rooms: readonly Room[]; readonly because: string }>> = {
  core: { rooms: [], because: 'decisions are shared by all rooms: they know no store, no AWS and no command' },
  registry: { rooms: ['core'], because: 'a store keeps rows, and does not know which trigger asks' },
  'user-pool': { rooms: ['core'], because: 'calls to Cognito are the same whoever makes them' },
  triggers: {
    rooms: ['core', 'user-pool'],
    because: 'handlers are given their store: importing one would put it into each Lambda bundle',
  },
  verify: { rooms: ['core'], because: 'an API that checks tokens carries neither the triggers nor a store' },
  aws: { rooms: ['core'], because: 'a signed call does not know what it is made for' },
  account: { rooms: ['core'], because: 'an account page is given its verifier, its store and its pool' },
  browser: { rooms: ['core'], because: 'each user downloads what it imports' },
  vite: { rooms: ['browser'], because: 'the plugin reads the same list of redirect URIs as the page' },
  testing: {
    rooms: ['core', 'registry', 'triggers'],
    because: 'it has what tests of stores and of triggers need, and no function imports it',
  },
  onesub: { rooms: ['core'], because: 'the entry point of the package gives types and errors alone' },
  emulator: { rooms: [], because: 'it is written from the AWS documentation: shared code would share our mistakes' },
  cli: {
    rooms: ['onesub', 'emulator', 'core', 'triggers', 'registry', 'user-pool'],
    because: 'it composes all others',
  },
}

/** What a room may import from outside; everything else is a dependency that nobody has weighed. */
const OUTSIDE: Partial<Record<Room, readonly RegExp[]>> = {
  // Hashing is a pure function, so it may stand in core; nothing else of Node's may.
  core: [/^node:crypto$/],
  registry: [/^node:(crypto|sqlite|timers\/promises)$/, /^@aws-sdk\/client-dynamodb$/],
  // For the password that nobody shall know.
  triggers: [],
  'user-pool': [/^node:crypto$/],
  // To seal what was offered.
  account: [/^node:crypto$/],
  // The one dependency of the package; Node's own check of a signature; Nest in the file for Nest.
  verify: [/^aws-jwt-verify(\/|$)/, /^node:crypto$/, /^@nestjs\/common$/],
  // The signer is small enough for a cold start.
  aws: [/^aws4$/, /^node:(https|timers\/promises)$/],
  browser: [],
  // Types of Vite; the network to see whether a port is free.
  vite: [/^vite$/, /^node:net$/],
  // Assertions that every test framework shows.
  testing: [/^node:(assert\/strict|crypto)$/],
  onesub: [],
}

const files = sourceFiles(join(ROOT, 'packages'))

describe('arrows between rooms', () => {
  it('every source file lives in a room', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([])
  })

  it.each(Object.entries(MAY_IMPORT))('%s imports its own rooms alone', (room, { rooms, because }) => {
    const imported = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((target) => ({ file, target, room: roomOfImport(file, target) })))
    const denied = imported.filter((one) => one.room !== undefined && one.room !== room && !rooms.includes(one.room))
    expect(denied, because).toEqual([])
  })

  it('T140: rooms import nothing from outside that is not listed here', () => {
    const strangers = files.flatMap((file) => {
      const allowed = OUTSIDE[roomOf(file) ?? 'cli']
      const outside = importsOf(file).filter(
        (target) => !target.startsWith('.') && roomOfImport(file, target) === undefined,
      )
      return allowed === undefined
        ? []
        : outside
            .filter((target) => !allowed.some((pattern) => pattern.test(target)))
            .map((target) => `${file} → ${target}`)
    })
    expect(strangers).toEqual([])
  })

  it('what runs in a browser reaches no module of Node’s, not through others either', () => {
    const reached = new Set(files.filter((file) => roomOf(file) === 'browser'))
    for (const file of reached) {
      for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
        reached.add(relative(ROOT, resolve(join(ROOT, dirname(file)), target)))
      }
    }
    expect(reached.size).toBeGreaterThan(10)
    expect([...reached].filter((file) => importsOf(file).some((target) => !target.startsWith('.')))).toEqual([])
  })

  it('finds an arrow where there is one', () => {
    expect(roomOfImport('packages/onesub/src/core/person.ts', '../registry/memory/index.ts')).toBe('registry')
    expect(roomOfImport('packages/cli/src/demo.ts', '@onesub/emulator')).toBe('emulator')
    expect(roomOfImport('packages/emulator/src/start.ts', 'onesub/triggers')).toBe('onesub')
  })
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => file.includes('/src/') && !/\/src\/.+\/testing\//.test(file) && !file.includes('node_modules'))
}

function roomOf(file: string): Room | undefined {
  const folder = Object.keys(ROOMS).find((path) => file.startsWith(`${path}/`))
  return folder === undefined ? undefined : ROOMS[folder as keyof typeof ROOMS]
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"\n;]*?(?:\{[^}]*\}\s*)?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
    ),
  ].flatMap(([, a, b, c]) => a ?? b ?? c ?? [])
}

function roomOfImport(file: string, target: string): Room | undefined {
  if (target.startsWith('.')) return roomOf(relative(ROOT, resolve(join(ROOT, dirname(file)), target)))
  const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]
  return name === undefined ? undefined : PACKAGES[name]
}
