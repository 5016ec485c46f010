import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { DAY } from '../shared/clock.ts'
import { bits, explicit, implicit, integer, nothing, octets, oid, sequence, set, text, time, truth } from './der.ts'

/** All in PEM. */
export interface Certified {
  readonly key: string
  readonly certificate: string
}

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const newKeys = promisify(generateKeyPair)
const rsa = (): Promise<KeyPair> => newKeys('rsa', { modulusLength: 2_048 })

const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), nothing())
const nameOf = (commonName: string) => sequence(set(sequence(oid('2.5.4.3'), text(commonName))))
const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })
// RFC 7093, section 2, method 4: any value that identifies the key will do.
const keyIdOf = (key: KeyObject) => createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20)

interface Wanted {
  readonly subject: string
  readonly publicKey: KeyObject
  readonly issuer: string
  readonly signer: KeyPair
  readonly extensions: readonly Uint8Array[]
}

/** X.509 version 3 (RFC 5280, section 4.1). */
function certificateFor({ subject, publicKey, issuer, signer, extensions }: Wanted): string {
  const identifiers = [
    extension('2.5.29.14', octets(keyIdOf(publicKey))),
    extension('2.5.29.35', sequence(implicit(0, keyIdOf(signer.publicKey)))),
  ]
  const content = sequence(
    explicit(0, integer(2)),
    integer(1, ...randomBytes(15)),
    SHA256_WITH_RSA,
    nameOf(issuer),
    sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + 30 * DAY))),
    nameOf(subject),
    spkiOf(publicKey),
    explicit(3, sequence(...extensions, ...identifiers)),
  )
  return pem(sequence(content, SHA256_WITH_RSA, bits(sign('sha256', content, signer.privateKey))))
}

function extension(id: string, value: Uint8Array, isCritical = false): Uint8Array {
  return sequence(oid(id), ...(isCritical ? [truth()] : []), octets(value))
}

const IS_AUTHORITY = [
  extension('2.5.29.19', sequence(truth()), true),
  extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
]
const IS_LOOPBACK_SERVER = [
  extension('2.5.29.15', bits(Buffer.from([0b1010_0000]), 5), true),
  extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
  extension(
    '2.5.29.17',
    sequence(
      implicit(2, Buffer.from('localhost')),
      implicit(7, Buffer.from([127, 0, 0, 1])),
      implicit(7, Buffer.from([...Array.from({ length: 15 }, () => 0), 1])),
    ),
  ),
]

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/gu) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const keyPem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

export async function selfSigned(subject: string): Promise<Certified> {
  const keys = await rsa()
  const certificate = certificateFor({ ...keys, subject, issuer: subject, signer: keys, extensions: IS_AUTHORITY })
  return { key: keyPem(keys.privateKey), certificate }
}

/** A server certificate for the loopback names, and the authority to trust; the authority's key is not kept. */
export async function loopbackCertificate(): Promise<Certified & { readonly ca: string }> {
  const [authority, server] = await Promise.all([rsa(), rsa()])
  const issuer = 'onesub emulator, made at this start'
  const ca = certificateFor({ ...authority, subject: issuer, issuer, signer: authority, extensions: IS_AUTHORITY })
  const { publicKey, privateKey } = server
  const wanted = { subject: 'localhost', publicKey, issuer, signer: authority, extensions: IS_LOOPBACK_SERVER }
  return { key: keyPem(privateKey), certificate: certificateFor(wanted), ca }
}
