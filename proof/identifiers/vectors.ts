import { HOSTILE_ADDRESSES } from '../../packages/onesub/src/core/identifiers/testing/hostile-addresses.ts'
import { domain, email, isFault, phone, username } from '../../packages/onesub/src/core/identifiers/testing/outcome.ts'
import { PHONES } from '../../packages/onesub/src/core/identifiers/testing/phones.ts'
import {
  DOMAINS,
  LOCAL_PARTS,
  TAKEN_FOR_ASCII,
  USERNAMES,
} from '../../packages/onesub/src/core/identifiers/testing/unicode-vectors.ts'
import type { Checked } from './checked.ts'

const REFUSED = 'any refusal'

interface Vector {
  readonly name: string
  readonly result: string
  readonly expected: string
}

/** The spellings that other software has been led astray by, as the tests have them. */
export function checkVectors(): Checked {
  const vectors: readonly Vector[] = [
    ...LOCAL_PARTS.map(([name, character]) => ({
      name: `${name}, before the @`,
      result: email(`mi${character}e@x.test`),
      expected: 'EMAIL_CHARACTERS',
    })),
    ...DOMAINS.map(([input, expected]) => ({ name: `domain ${input}`, result: domain(input), expected })),
    ...USERNAMES.map(([input, expected]) => ({ name: `user name ${input}`, result: username(input), expected })),
    ...HOSTILE_ADDRESSES.map((address) => ({ name: address, result: email(address), expected: REFUSED })),
    ...PHONES.map(([input, isStrict]) => ({
      name: `phone ${input}`,
      result: phone(input),
      expected: isStrict ? input : REFUSED,
    })),
    ...TAKEN_FOR_ASCII.map(([other, ascii]) => {
      const result = username(`x${other}`)
      return { name: `user name x${other}`, result, expected: result === `x${ascii}` ? REFUSED : result }
    }),
  ]
  const isRight = ({ result, expected }: Vector) => (expected === REFUSED ? isFault(result) : result === expected)
  return {
    results: vectors.map(({ result }) => result),
    failures: vectors.filter((vector) => !isRight(vector)).map(({ name, result }) => `${name}: ${result}`),
  }
}
