import { randomBytes } from 'node:crypto'
import type { PersonId } from './person.ts'
import type { Clock, MintPersonId } from './ports.ts'

/** Person ids as UUID version 7 (RFC 9562 §5.7): sortable by time, 74 random bits. */
export function mintUuidV7(clock: Clock, random: (size: number) => Uint8Array = randomBytes): MintPersonId {
  return () => uuidV7(clock(), random(10))
}

function uuidV7(now: number, random: Uint8Array): PersonId {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.trunc(now)) << 16n)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = Buffer.from(bytes).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as PersonId
}
