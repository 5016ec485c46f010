import { nameOf } from '../pool.ts'

export const PEOPLE = ['ada', 'bob', 'eve'] as const
/** Eve attacks. The others live. */
export type Human = (typeof PEOPLE)[number]

/** An account at a provider: who holds it, what it says, and whether that is so. */
export interface Account {
  readonly provider: string
  readonly subject: string
  readonly holder: Human
  /** The address that the pool's mapping reads. */
  address: string
  /** The provider is the authority for the address, has seen that its holder reads it, and says so. */
  readonly isAuthority: boolean
  /** Attributes beside the address, as mapped. */
  readonly mapped: Readonly<Record<string, string>>
  /** As the provider wrote it. */
  readonly raw: (address: string) => object
  isClosed: boolean
  wasRenamed: boolean
}

const ADDRESSES: Readonly<Record<Human, readonly string[]>> = {
  ada: ['ada@example.com', 'ada2@example.com'],
  bob: ['bob@example.com'],
  eve: ['eve@example.com'],
}

/** Who reads each mailbox and number, and who holds each account at a provider, at this moment and before. */
export class GroundTruth {
  readonly #readers = new Map<string, Human>()
  readonly #former = new Map<string, Set<Human>>()
  readonly accounts: Account[] = []
  #subjects = 100

  constructor() {
    for (const human of PEOPLE) for (const address of ADDRESSES[human]) this.#readers.set(address, human)
    for (const human of PEOPLE) {
      for (const address of ADDRESSES[human]) {
        this.#open(google, human, address)
        this.#open(okta, human, address)
        this.#open(corp, human, address)
        this.#open(acme(address), human, address)
      }
    }
    const eves = (make: Made, address: string) => this.#open(make, 'eve', address)
    // What Eve may write without any check.
    eves(facebook, 'ada@example.com')
    eves(oktaWest, 'ada@example.com')
    for (const flag of ['false', 'False', '0', undefined]) eves(oktaUnverified(flag), 'ada@example.com')
    eves(googleUnverified, 'ada@example.com')
    eves(acme('ada@example.com'), 'eve@example.com')
    eves(oktaInTwoDocuments, 'ada@example.com')
    this.#open(facebook, 'ada', 'ada@example.com')
  }

  get addresses(): readonly string[] {
    return [...this.#readers.keys()]
  }

  readerOf(address: string | undefined): Human | undefined {
    return this.#readers.get(address?.toLowerCase() ?? '')
  }

  hasRead(human: Human, address: string): boolean {
    return this.#former.get(address.toLowerCase())?.has(human) === true
  }

  hasPassed(address: string): boolean {
    return this.#former.has(address.toLowerCase())
  }

  mailboxesOf(human: Human): readonly string[] {
    return this.addresses.filter((address) => this.readerOf(address) === human)
  }

  /** Numbers stay whose they are. */
  numberOf(human: Human): string {
    return `+1555000000${PEOPLE.indexOf(human)}`
  }

  holderOfNumber(number: string | undefined): Human | undefined {
    return PEOPLE.find((human) => this.numberOf(human) === number)
  }

  accountsOf(human: Human): readonly Account[] {
    return this.accounts.filter(({ holder, isClosed }) => holder === human && !isClosed)
  }

  accountNamed(name: string): Account | undefined {
    return this.accounts.find((account) => nameOf(account) === name)
  }

  /** A mailbox is given to somebody else. Accounts at providers that vouch for it are closed, and the next reader gets new ones (T29, T31). */
  passes(address: string, to: Human): void {
    const from = this.readerOf(address)
    if (from === undefined || from === to) return
    this.#former.set(address, new Set([...(this.#former.get(address) ?? []), from]))
    this.#readers.set(address, to)
    for (const account of this.accounts) if (account.isAuthority && account.address === address) account.isClosed = true
    for (const make of [google, okta, corp, acme(address)]) this.#open(make, to, address)
  }

  #open(make: Made, holder: Human, address: string): void {
    this.#subjects += 1
    const subject = String(this.#subjects)
    this.accounts.push({ ...make(subject), subject, holder, address, isClosed: false, wasRenamed: false })
  }
}

type Made = (subject: string) => Pick<Account, 'provider' | 'isAuthority' | 'mapped' | 'raw'>

const google: Made = (sub) => ({
  provider: 'Google',
  isAuthority: true,
  mapped: { email_verified: 'true', 'custom:hd': 'example.com' },
  raw: (email) => ({ idToken: { sub, email, email_verified: true, hd: 'example.com' } }),
})

const googleUnverified: Made = (sub) => ({
  provider: 'Google',
  isAuthority: false,
  mapped: { email_verified: 'false', 'custom:hd': 'example.com' },
  raw: (email) => ({ idToken: { sub, email, email_verified: 'false', hd: 'example.com' } }),
})

const okta: Made = (sub) => ({
  provider: 'Okta',
  isAuthority: true,
  mapped: { email_verified: 'true' },
  raw: (email) => ({ idToken: { sub, email, email_verified: true } }),
})

/** The address is the user's own writing, and the provider says that nobody has looked (T150). */
const oktaUnverified =
  (flag: string | undefined): Made =>
  (sub) => ({
    provider: 'Okta',
    isAuthority: false,
    mapped: flag === undefined ? {} : { email_verified: flag },
    raw: (email) => ({ idToken: { sub, email, ...(flag !== undefined && { email_verified: flag }) } }),
  })

/** The ID token says that an address of Eve's own is verified; the user info has another one (T153). */
const oktaInTwoDocuments: Made = (sub) => ({
  provider: 'Okta',
  isAuthority: false,
  mapped: { email_verified: 'false' },
  raw: (email) => ({ idToken: { sub, email_verified: true }, userInfo: { sub, email } }),
})

const oktaWest: Made = (sub) => ({
  provider: 'Okta_West',
  isAuthority: false,
  mapped: { email_verified: 'true' },
  raw: (email) => ({ idToken: { sub, email, email_verified: true } }),
})

const corp: Made = (sub) => ({
  provider: 'Corp',
  isAuthority: true,
  mapped: { 'custom:subject': sub },
  raw: (email) => ({ userInfo: { email } }),
})

/** `email` is whatever its user likes; the pool maps `corp_email` (T153). */
const acme =
  (own: string): Made =>
  (sub) => ({
    provider: 'Acme',
    isAuthority: true,
    mapped: { email_verified: 'true' },
    raw: (email) => ({
      idToken: { sub, email: own, email_verified: true, corp_email: email, corp_verified: true },
    }),
  })

const facebook: Made = (id) => ({
  provider: 'Facebook',
  isAuthority: false,
  mapped: {},
  raw: (email) => ({ userInfo: { id, email } }),
})
