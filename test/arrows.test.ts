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
  'packages/emulator/src/shared': 'emulator/shared',
  'packages/emulator/src/quirks': 'emulator/quirks',
  'packages/emulator/src/state': 'emulator/state',
  'packages/emulator/src/triggers': 'emulator/triggers',
  'packages/emulator/src/messages': 'emulator/messages',
  'packages/emulator/src/tokens': 'emulator/tokens',
  'packages/emulator/src/tls': 'emulator/tls',
  'packages/emulator/src/authentication': 'emulator/authentication',
  'packages/emulator/src/federation': 'emulator/federation',
  'packages/emulator/src/oauth': 'emulator/oauth',
  'packages/emulator/src/operations': 'emulator/operations',
  'packages/emulator/src/managed-login': 'emulator/managed-login',
  'packages/emulator/src/snapshot': 'emulator/snapshot',
  'packages/emulator/src/control': 'emulator/control',
  'packages/emulator/src/server': 'emulator/server',
  'packages/emulator/src/behaviour': 'emulator/behaviour',
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
  // The emulator is written from the AWS documentation: code shared with onesub would share its mistakes.
  emulator: {
    rooms: [
      'emulator/authentication',
      'emulator/control',
      'emulator/federation',
      'emulator/messages',
      'emulator/oauth',
      'emulator/quirks',
      'emulator/server',
      'emulator/shared',
      'emulator/snapshot',
      'emulator/state',
      'emulator/tokens',
      'emulator/triggers',
    ],
    because: 'the start makes every store and part; what runs on requests is reached through the server',
  },
  'emulator/shared': { rooms: [], because: 'clock, faults and parsing are the same for all rooms' },
  'emulator/quirks': { rooms: ['emulator/shared'], because: 'a switch does not know what it turns' },
  'emulator/state': {
    rooms: ['emulator/quirks', 'emulator/shared'],
    because: 'pools, users and sessions are data with their own rules; they run no trigger and sign nothing',
  },
  'emulator/triggers': {
    rooms: ['emulator/quirks', 'emulator/shared', 'emulator/state'],
    because: 'a trigger is given an event; why it is asked is decided above',
  },
  'emulator/messages': {
    rooms: ['emulator/quirks', 'emulator/shared', 'emulator/state', 'emulator/triggers'],
    because: 'a message is composed, by a trigger where there is one, and put into the inbox',
  },
  'emulator/tokens': {
    rooms: ['emulator/shared', 'emulator/state', 'emulator/triggers'],
    because: 'a token is made from a session, whatever sign-in began it',
  },
  'emulator/tls': { rooms: ['emulator/shared'], because: 'a certificate does not depend on what is served' },
  'emulator/authentication': {
    rooms: [
      'emulator/messages',
      'emulator/quirks',
      'emulator/shared',
      'emulator/state',
      'emulator/tokens',
      'emulator/triggers',
    ],
    because: 'API operations and login pages sign users in by the same steps',
  },
  'emulator/federation': {
    rooms: ['emulator/quirks', 'emulator/shared', 'emulator/state', 'emulator/tls', 'emulator/triggers'],
    because: 'a federated sign-in ends with a user; what the browser is given then is decided above',
  },
  'emulator/oauth': {
    rooms: ['emulator/authentication', 'emulator/quirks', 'emulator/shared', 'emulator/state', 'emulator/tokens'],
    because: 'the OAuth endpoints show no page and know no identity provider',
  },
  'emulator/operations': {
    rooms: [
      'emulator/authentication',
      'emulator/messages',
      'emulator/quirks',
      'emulator/shared',
      'emulator/state',
      'emulator/tokens',
      'emulator/triggers',
    ],
    because: 'the API is complete without a browser',
  },
  'emulator/managed-login': {
    rooms: [
      'emulator/authentication',
      'emulator/federation',
      'emulator/oauth',
      'emulator/operations',
      'emulator/quirks',
      'emulator/shared',
      'emulator/state',
    ],
    because: 'pages do what the API does, by its operations, and OAuth says where the browser goes',
  },
  'emulator/snapshot': {
    rooms: ['emulator/federation', 'emulator/quirks', 'emulator/shared', 'emulator/state'],
    because: 'it reads and writes data and runs nothing',
  },
  'emulator/control': {
    rooms: [
      'emulator/federation',
      'emulator/messages',
      'emulator/operations',
      'emulator/quirks',
      'emulator/shared',
      'emulator/snapshot',
      'emulator/state',
      'emulator/triggers',
    ],
    because: 'developers look at the state and change it; they sign nobody in',
  },
  'emulator/server': {
    rooms: [
      'emulator/control',
      'emulator/managed-login',
      'emulator/oauth',
      'emulator/operations',
      'emulator/quirks',
      'emulator/shared',
      'emulator/state',
      'emulator/tls',
    ],
    because: 'it parses requests and routes them',
  },
  'emulator/behaviour': { rooms: [], because: 'the table of behaviours is data; its checks go over HTTP' },
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
  'emulator/shared': [/^node:(crypto|http)$/, /^jose$/],
  'emulator/quirks': [],
  'emulator/state': [/^node:crypto$/],
  // A function's module is loaded by its path.
  'emulator/triggers': [/^node:(crypto|path|url)$/],
  'emulator/messages': [/^node:crypto$/],
  'emulator/tokens': [/^node:crypto$/, /^jose$/],
  'emulator/tls': [/^node:(crypto|util)$/],
  'emulator/authentication': [/^node:crypto$/],
  // A strict OpenID provider to sign in at, and SAML.
  'emulator/federation': [
    /^node:(crypto|http|zlib)$/,
    /^jose$/,
    /^oidc-provider$/,
    /^@xmldom\/xmldom$/,
    /^xml-crypto$/,
  ],
  'emulator/oauth': [/^node:crypto$/, /^hono$/],
  'emulator/operations': [/^node:crypto$/],
  'emulator/managed-login': [/^node:crypto$/, /^hono(\/(cookie|html))?$/],
  'emulator/snapshot': [/^node:(crypto|fs|path)$/],
  'emulator/control': [/^hono(\/html)?$/],
  'emulator/server': [/^node:(crypto|http|https|net)$/, /^hono$/, /^@hono\/node-server$/],
  'emulator/behaviour': [],
  // The command line, and the helper for Vitest.
  emulator: [/^node:fs$/, /^commander$/, /^vitest$/],
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

  it('no file imports itself through others, for a type either', () => {
    const graph = new Map(files.map((file) => [file, ownImportsOf(file)]))
    expect(circlesIn(graph)).toEqual([])
  })

  it('no room imports itself through others', () => {
    expect(circlesIn(new Map(Object.entries(MAY_IMPORT).map(([room, { rooms }]) => [room, rooms])))).toEqual([])
  })

  it('finds a circle where there is one', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ])
    expect(circlesIn(graph)).toEqual([['a', 'b', 'c']])
  })

  it('finds an arrow where there is one', () => {
    expect(roomOfImport('packages/onesub/src/core/person.ts', '../registry/memory/index.ts')).toBe('registry')
    expect(roomOfImport('packages/cli/src/demo.ts', '@onesub/emulator')).toBe('emulator')
    expect(roomOfImport('packages/emulator/src/start.ts', 'onesub/triggers')).toBe('onesub')
    expect(roomOfImport('packages/emulator/src/state/pool.ts', '../tokens/issue.ts')).toBe('emulator/tokens')
  })
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => file.includes('/src/') && !isTestHelper(file) && !file.includes('node_modules'))
}

/** `onesub/testing` is public, and no helper of our own tests. */
function isTestHelper(file: string): boolean {
  return /\/src\/(?:.+\/)?testing\//.test(file.replace('packages/onesub/src/testing/', 'packages/onesub/src/'))
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

function ownImportsOf(file: string): readonly string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => relative(ROOT, resolve(join(ROOT, dirname(file)), target)))
}

/** Each group of nodes that reach each other, sorted. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachedFrom(graph, node)]))
  const inCircles = [...graph.keys()].filter((node) => reached.get(node)?.has(node))
  const groups = inCircles.map((node) =>
    inCircles.filter((other) => reached.get(node)?.has(other) && reached.get(other)?.has(node)),
  )
  return [...new Map(groups.map((group) => [group.sort().join(), group])).values()]
}

function reachedFrom(graph: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const reached = new Set(graph.get(start))
  for (const node of reached) for (const next of graph.get(node) ?? []) reached.add(next)
  return reached
}

function roomOfImport(file: string, target: string): Room | undefined {
  if (target.startsWith('.')) return roomOf(relative(ROOT, resolve(join(ROOT, dirname(file)), target)))
  const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]
  return name === undefined ? undefined : PACKAGES[name]
}
