import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { loopbackCertificate, selfSigned } from './certificates.ts'

it('makes a server certificate for the loopback names that only its own authority vouches for', async () => {
  const made = await loopbackCertificate()
  const [server, ca] = [new X509Certificate(made.certificate), new X509Certificate(made.ca)]
  expect(server.checkIssued(ca)).toBe(true)
  expect(server.verify(ca.publicKey)).toBe(true)
  expect([server.ca, ca.ca]).toEqual([false, true])
  expect(server.checkHost('localhost')).toBe('localhost')
  expect([server.checkIP('127.0.0.1'), server.checkIP('::1')]).toEqual(['127.0.0.1', '::1'])
  expect(server.checkHost('example.com')).toBeUndefined()
  const another = new X509Certificate((await selfSigned('somebody else')).certificate)
  expect(server.verify(another.publicKey)).toBe(false)
})
