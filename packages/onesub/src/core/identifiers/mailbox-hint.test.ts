import { describe, expect, it } from 'vitest'
import { normaliseEmail } from './email.ts'
import { mailboxHint } from './mailbox-hint.ts'

function hint(address: string): string | undefined {
  const result = normaliseEmail(address)
  if (!result.ok) throw new Error(result.fault)
  return mailboxHint(result.identifier)
}

describe('T45: The hint that two addresses reach one mailbox', () => {
  it('three spellings of one Gmail mailbox are three identifiers and one hint', () => {
    const addresses = ['a.b@gmail.com', 'ab@gmail.com', 'ab+1@GoogleMail.com']
    expect(new Set(addresses.map(hint))).toEqual(new Set(['ab@gmail.com']))
  })

  it.each([
    ['ada+news@outlook.com', 'ada@outlook.com'],
    ['a.da+news@outlook.com', 'a.da@outlook.com'],
    ['a.da+x+y@proton.me', 'a.da@proton.me'],
    ['a.da+x@hotmail.com', 'a.da@hotmail.com'],
    ['a.da+x@protonmail.com', 'a.da@protonmail.com'],
  ])('%s may be %s: there a dot tells two people apart', (address, mailbox) => {
    expect(hint(address)).toBe(mailbox)
  })

  it.each(['a.b@corp.test', 'a+b@corp.test', 'a.b@mail.gmail.com', '+x@gmail.com'])('%s gives no hint', (address) => {
    expect(hint(address)).toBeUndefined()
  })
})
