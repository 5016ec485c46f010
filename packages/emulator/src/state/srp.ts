import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { invalidParameter } from '../shared/faults.ts'
import type { PasswordHash } from './password.ts'

// RFC 3526, group 15 (3072 bits), generator 2.
const N_HEX =
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD' +
  'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED' +
  'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F' +
  '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
  'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510' +
  '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7' +
  'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C' +
  'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF'
const N = BigInt(`0x${N_HEX}`)
const G = 2n
const PRIVATE_BYTES = 32
const KEY_BYTES = 16

const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)
const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const K = number(sha256(padded(N), padded(G)))

/** Java's BigInteger.toByteArray, which Cognito hashes: shortest form, with a leading zero where the top bit is set. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return Buffer.from(/^[89a-f]/u.test(even) ? `00${even}` : even, 'hex')
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % N
    if (bit === '1') result = (result * base) % N
  }
  return result
}

/** The server's half of one sign-in, between USER_SRP_AUTH and PASSWORD_VERIFIER. */
export interface SrpExchange {
  readonly salt: Buffer
  readonly verifier: bigint
  readonly clientPublic: bigint
  readonly serverPublic: bigint
  readonly serverPrivate: bigint
  readonly secretBlock: string
}

/** The stored hash is the exponent x of SRP-6a, so the verifier is g^x. It is computed only for SRP. */
export function beginSrp(known: PasswordHash, srpA: string): SrpExchange {
  const clientPublic = publicValueIn(srpA)
  const verifier = power(G, number(known.hash))
  const serverPrivate = number(randomBytes(PRIVATE_BYTES))
  const serverPublic = (K * verifier + power(G, serverPrivate)) % N
  const secretBlock = randomBytes(512).toString('base64')
  return { salt: known.salt, verifier, clientPublic, serverPublic, serverPrivate, secretBlock }
}

/** RFC 5054, section 2.5.4: with a multiple of N everybody would know the key. */
function publicValueIn(srpA: string): bigint {
  const isHex = /^[0-9a-f]{1,1024}$/iu.test(srpA)
  const value = isHex ? BigInt(`0x${srpA}`) : 0n
  if (value % N === 0n) throw invalidParameter('SRP_A is not a valid public value.')
  return value
}

export function srpParameters({ salt, serverPublic, secretBlock }: SrpExchange) {
  return { SALT: salt.toString('hex'), SRP_B: serverPublic.toString(16), SECRET_BLOCK: secretBlock }
}

export interface SrpClaim {
  readonly owner: string
  readonly timestamp: string
  readonly secretBlock: string
  readonly signature: string
}

/** The signature proves that the client knows the password (amazon-cognito-identity-js: CognitoUser.authenticateUser). */
export function isSrpProof(exchange: SrpExchange, { owner, timestamp, secretBlock, signature }: SrpClaim): boolean {
  if (secretBlock !== exchange.secretBlock) return false
  const expected = createHmac('sha256', keyOf(exchange))
    .update(owner)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function keyOf({ clientPublic, serverPublic, serverPrivate, verifier }: SrpExchange): Buffer {
  const u = number(sha256(padded(clientPublic), padded(serverPublic)))
  const shared = power(clientPublic * power(verifier, u), serverPrivate)
  return Buffer.from(hkdfSync('sha256', padded(shared), padded(u), 'Caldera Derived Key', KEY_BYTES))
}
