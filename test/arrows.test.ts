import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Where code lives, longest path first wins. A file outside every room is a mistake of its own. */
const ROOMS = {
  'packages/onesub/src/core': 'core',
  'packages/onesub/src/registry': 'registry',
  'packages/onesub/src/cognito': 'cognito',
  'packages/onesub/src/verify': 'verify',
  'packages/onesub/src/browser': 'browser',
  'packages/onesub/src/vite': 'vite',
  'packages/onesub/src/aws': 'aws',
  'packages/onesub/src/account': 'account',
  'packages/onesub/src': 'onesub',
  'packages/emulator/src': 'emulator',
  'packages/cli/src': 'cli',
} as const

type Room = (typeof ROOMS)[keyof typeof ROOMS]

const PACKAGES: Record<string, Room> = { onesub: 'onesub', '@onesub/emulator': 'emulator', '@onesub/cli': 'cli' }

/** Each arrow that must not be, and why. */
const FORBIDDEN: readonly { from: readonly Room[]; to: readonly Room[]; because: string }[] = [
  {
    from: ['core'],
    to: ['registry', 'cognito', 'verify', 'aws', 'onesub', 'emulator', 'cli'],
    because: 'core is what everybody agrees on: words and decisions know no store, no AWS, no command',
  },
  {
    from: ['registry'],
    to: ['cognito', 'verify', 'aws', 'onesub', 'emulator', 'cli'],
    because: 'a store keeps rows; it must not know which trigger asked, or it could not be used by the next one',
  },
  {
    from: ['cognito'],
    to: ['registry', 'verify', 'aws', 'onesub', 'emulator', 'cli'],
    because: 'handlers take their store as an argument; importing one would put it into every Lambda bundle',
  },
  {
    from: ['verify'],
    to: ['registry', 'cognito', 'aws', 'onesub', 'emulator', 'cli'],
    because: 'an API that checks tokens must not carry the triggers nor a store that it was not given',
  },
  {
    from: ['aws'],
    to: ['registry', 'cognito', 'verify', 'onesub', 'emulator', 'cli'],
    because: 'a call to AWS is a call: who asks, and what for, is known to whom it is handed',
  },
  {
    from: ['account'],
    to: ['registry', 'cognito', 'verify', 'aws', 'browser', 'vite', 'onesub', 'emulator', 'cli'],
    because: 'an account page is handed its verifier, its store and its pool, as the triggers are',
  },
  {
    from: ['core', 'registry', 'cognito', 'verify', 'aws', 'browser', 'vite', 'emulator'],
    to: ['account'],
    because: 'nobody below a page needs the page',
  },
  {
    from: ['browser'],
    to: ['registry', 'cognito', 'verify', 'aws', 'vite', 'onesub', 'emulator', 'cli'],
    because: 'it runs on her machine: whatever it imports, everybody downloads',
  },
  {
    from: ['vite'],
    to: ['registry', 'cognito', 'verify', 'aws', 'onesub', 'emulator', 'cli'],
    because: 'a plugin of the build reads the same list as the page, and needs nothing else of us',
  },
  {
    from: ['core', 'registry', 'cognito', 'verify', 'aws', 'emulator'],
    to: ['browser', 'vite'],
    because: 'a server has no window, and a Lambda no development server',
  },
  {
    from: ['onesub'],
    to: ['emulator', 'cli'],
    because: 'what ships to production must not carry the toy that plays AWS, nor the operator’s tools',
  },
  {
    from: ['emulator'],
    to: ['core', 'registry', 'cognito', 'verify', 'aws', 'onesub', 'cli'],
    because: 'a witness shares no memory with the suspect: the emulator reads the AWS documentation, not our code',
  },
]

/** What a room may import from outside; everything else is a dependency that nobody has weighed. */
const OUTSIDE: Partial<Record<Room, readonly RegExp[]>> = {
  // Hashing is a pure function, so it may stand in core; nothing else of Node's may.
  core: [/^node:crypto$/],
  registry: [/^node:(crypto|sqlite|timers\/promises)$/, /^@aws-sdk\/client-dynamodb$/],
  // For the password that nobody shall know.
  cognito: [/^node:crypto$/],
  // To seal what was offered.
  account: [/^node:crypto$/],
  // The one dependency of the package; Node's own check of a signature; Nest in the file for Nest.
  verify: [/^aws-jwt-verify(\/|$)/, /^node:crypto$/, /^@nestjs\/common$/],
  // The signer is small enough for a cold start.
  aws: [/^aws4$/, /^node:(https|timers\/promises)$/],
  browser: [],
  // Types of Vite; the network to see whether a port is free.
  vite: [/^vite$/, /^node:net$/],
  onesub: [],
}

const files = sourceFiles(join(ROOT, 'packages'))

describe('arrows between rooms', () => {
  it('every source file lives in a room', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([])
  })

  it.each(FORBIDDEN)('$from never import $to: $because', ({ from, to }) => {
    const arrows = files
      .filter((file) => from.includes(roomOf(file) ?? 'cli'))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target, room: roomOfImport(file, target) })))
    expect(arrows.filter(({ room }) => room !== undefined && to.includes(room))).toEqual([])
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
    expect(roomOfImport('packages/onesub/src/core/claim.ts', '../registry/memory.ts')).toBe('registry')
    expect(roomOfImport('packages/cli/src/demo.ts', '@onesub/emulator')).toBe('emulator')
    expect(roomOfImport('packages/emulator/src/start.ts', 'onesub/cognito')).toBe('onesub')
  })
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => file.includes('/src/') && !file.includes('/testing/') && !file.includes('node_modules'))
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
