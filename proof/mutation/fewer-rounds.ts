import { fileURLToPath } from 'node:url'

/** What a test says of very many inputs, and in the mutation run of fewer: the whole suite still says it of all. */
interface Fewer {
  /** Below `packages/onesub/src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

const SOURCES = fileURLToPath(new URL('../../packages/onesub/src/', import.meta.url))

const FEWER: readonly Fewer[] = [
  // Of 1,114,112 code points: all of Latin and the accents beside it, and some of everything else.
  {
    file: 'core/identifiers/testing/every-code-point.ts',
    find: 'codePoint += 1)',
    replace: 'codePoint += codePoint < 0x180 ? 1 : codePoint < 0x3100 ? 97 : 8_009)',
  },
  {
    file: 'core/identifiers/testing/every-code-point.ts',
    find: 'return Array.from({ length: LAST_CODE_POINT + 1 }, (_, codePoint) => make(String.fromCodePoint(codePoint)))',
    replace:
      'const made = []; codePointsWhere((character, codePoint) => { made[codePoint] = make(character); return false }); return made',
  },
  // The vectors are made one after the other, so that the first ones are the same however many there are.
  { file: 'core/identifiers/testing/golden-vectors.ts', find: 'HOW_MANY = 10_000', replace: 'HOW_MANY = 1_000' },
  { file: 'core/identifiers/golden.test.ts', find: '(golden.every40th)', replace: '(golden.every40th.slice(0, 25))' },
  { file: 'core/identifiers/golden.test.ts', find: 'expect(goldenDigest(vectors)).toBe(golden.sha256)', replace: '' },
  { file: 'core/identifiers/domain.test.ts', find: 'run < 20_000', replace: 'run < 150' },
  { file: 'core/identifiers/domain.test.ts', find: 'toBeGreaterThan(4000)', replace: 'toBeGreaterThan(20)' },
  { file: 'core/identifiers/domain.test.ts', find: 'length: 5000', replace: 'length: 50' },
  {
    file: 'core/identifiers/email.test.ts',
    find: 'length: 20_000 }, () => email',
    replace: 'length: 150 }, () => email',
  },
  { file: 'core/identifiers/email.test.ts', find: 'toBeGreaterThan(4000)', replace: 'toBeGreaterThan(20)' },
  {
    file: 'core/identifiers/email.test.ts',
    find: 'length: 20_000 }, () => Array',
    replace: 'length: 400 }, () => Array',
  },
  { file: 'core/identifiers/email.test.ts', find: 'toBeGreaterThan(2000)', replace: 'toBeGreaterThan(20)' },
  {
    file: 'core/identifiers/punycode.test.ts',
    find: 'length: 20_000 }, () => String',
    replace: 'length: 150 }, () => String',
  },
  {
    file: 'core/identifiers/punycode.test.ts',
    find: 'length: 20_000 }, () => choose',
    replace: 'length: 150 }, () => choose',
  },
  { file: 'core/identifiers/username.test.ts', find: 'length: 20_000', replace: 'length: 150' },
  { file: 'core/identifiers/username.test.ts', find: 'toBeGreaterThan(4000)', replace: 'toBeGreaterThan(20)' },
  { file: 'core/identifiers/username.test.ts', find: 'length: 100_000', replace: 'length: 150' },
  {
    file: 'verify/key-set.test.ts',
    find: 'length: 50 }, (_, at) => issuer.token({ jti: `old',
    replace: 'length: 5 }, (_, at) => issuer.token({ jti: `old',
  },
  {
    file: 'verify/key-set.test.ts',
    find: 'length: 50 }, (_, at) => issuer.token({ jti: `new',
    replace: 'length: 5 }, (_, at) => issuer.token({ jti: `new',
  },
  { file: 'verify/person-verifier.test.ts', find: 'length: 500', replace: 'length: 50' },
  { file: 'verify/person-verifier.test.ts', find: 'at < 200', replace: 'at < 20' },
  // A new RSA key takes as long as all else in a test: each test may have those of the one before.
  {
    file: 'verify/testing/issuer.ts',
    find: '= rsaKey(modulusLength)',
    replace: '= ((globalThis.onesubKeys ??= {})[kid + modulusLength] ??= rsaKey(modulusLength))',
  },
]

/** A test that has changed, so that a place in it is lost, stops the run. */
export function fewerRounds() {
  return {
    name: 'fewer-rounds',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      const path = id.split('?')[0] ?? id
      const here = FEWER.filter(({ file }) => path === SOURCES + file)
      return here.length === 0 ? undefined : here.reduce(withFewer, code)
    },
  }
}

function withFewer(code: string, { file, find, replace }: Fewer): string {
  if (code.split(find).length !== 2) throw new Error(`"${find}" is not one place in ${file}: the test has changed.`)
  return code.replace(find, () => replace)
}
