import { isFault } from '../../packages/onesub/src/core/identifiers/testing/outcome.ts'
import { seededChoice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { anyAddress } from './addresses.ts'
import { type Checked, emailOrThrown } from './checked.ts'
import { oracle } from './oracle.ts'

/** As many addresses as asked for, each with the key that the second writing of the grammar gives, or refused where that refuses. */
export function checkGrammar(count: number, seed: string): Checked {
  const choose = seededChoice(seed)
  const failures: string[] = []
  const results = Array.from({ length: count }, () => {
    const address = anyAddress(choose)
    const result = emailOrThrown(address)
    const expected = oracle(address)
    const key = isFault(result) ? undefined : result
    if (result === 'THROWN') failures.push(`${shown(address)} makes it throw`)
    else if (key !== expected) failures.push(`${shown(address)} gives ${result}, not ${expected ?? 'a refusal'}`)
    if (key !== undefined && key !== address && emailOrThrown(key) !== key)
      failures.push(`${shown(address)} has a key that changes`)
    if (isSpelledTwice(address)) failures.push(`${shown(address)} has one key composed, and another decomposed`)
    return result
  })
  return { results, failures }
}

/** Whether the composed and the decomposed form part. The one may be too long where the other is not: that is looked at first of all. */
function isSpelledTwice(address: string): boolean {
  if (/^[\0-\x7f]*$/.test(address)) return false
  const [one, other] = [address.normalize('NFC'), address.normalize('NFD')].map(emailOrThrown)
  if (one === other || one === 'IDENTIFIER_TOO_LONG' || other === 'IDENTIFIER_TOO_LONG') return false
  return one === undefined || other === undefined || !(isFault(one) && isFault(other))
}

/** The address as a JSON string of ASCII: what cannot be seen can be read. */
function shown(address: string): string {
  return JSON.stringify(address).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
