import type { TestEnvironment } from '../../test/environment/test-pool.ts'
import type { Cell, Evidence, Provider } from './coordinates.ts'

type Persona = Parameters<TestEnvironment['emulator']['setPersona']>[0]

/** One sign-in method by a provider: what it sends, and which evidence its address has by the documented rules. */
export interface Visitor {
  readonly provider: Provider
  readonly evidence: Evidence
  readonly persona: Persona
}

export interface Actors {
  /** As Ada spells it in the form. */
  readonly typed: string
  /** As squatters and providers spell it. */
  readonly plain: string
  readonly first: Visitor
  readonly second: Visitor
}

const DOMAINS: Readonly<Record<Provider, Partial<Record<Evidence, string>>>> = {
  // Google is the authority for gmail.com and for domains that it hosts (`hd`).
  Google: { E3: 'gmail.com', E2: 'example.org' },
  Facebook: {},
  SignInWithApple: { E3: 'icloud.com', E2: 'gmail.com', E1: 'icloud.com', relay: 'privaterelay.appleid.com' },
  LoginWithAmazon: {},
  // The authority for the domains that their owner has proven, and no other.
  Okta: { E2: 'example.org', E1: 'example.org' },
  Corp: { E2: 'example.org', E1: 'example.org' },
}

export function actorsOf({ tag, provider, evidence }: Cell): Actors {
  const domain = hosted(provider, evidence, tag) ?? DOMAINS[provider][evidence] ?? 'example.com'
  const plain = `ada.${tag}@${domain}`
  return {
    plain,
    typed: `Ada.${tag}@${domain}`,
    first: { provider, evidence, persona: personaOf(provider, evidence, tag, plain) },
    second: secondOf(provider, tag, plain, domain),
  }
}

function hosted(provider: Provider, evidence: Evidence, tag: string): string | undefined {
  return provider === 'Google' && evidence === 'E3' && Number(tag) % 2 === 0 ? 'example.com' : undefined
}

/** Google where possible, as the host of Ada's domain; Okta beside Google. */
function secondOf(first: Provider, tag: string, email: string, domain: string): Visitor {
  if (first === 'Google') {
    const evidence = domain === 'example.com' ? 'E3' : 'E1'
    return { provider: 'Okta', evidence, persona: personaOf('Okta', evidence, tag, email, 'second') }
  }
  const isRelay = domain === 'privaterelay.appleid.com'
  const evidence = isRelay ? 'relay' : domain === 'icloud.com' ? 'E2' : 'E3'
  return { provider: 'Google', evidence, persona: personaOf('Google', evidence, tag, email, 'second') }
}

/** Capitals wherever the provider's subjects have them. */
const SUBJECTS: Readonly<Record<Provider, (tag: string) => string>> = {
  Google: (tag) => `1${tag}`,
  Facebook: (tag) => `2${tag}`,
  SignInWithApple: (tag) => `000${tag.slice(0, 3)}.ab${tag}cd.0742`,
  LoginWithAmazon: (tag) => `amzn1.account.AE${tag}QZ`,
  Okta: (tag) => `00uAb${tag}X`,
  Corp: (tag) => `Ada.${tag}`,
}

function personaOf(provider: Provider, evidence: Evidence, tag: string, email: string, at = 'first'): Persona {
  const sub = SUBJECTS[provider](tag)
  const persona: Persona = { id: `${tag}-${at}`, sub, subject: sub }
  if (evidence === 'none') return persona
  const domain = email.slice(email.indexOf('@') + 1)
  const hd = provider === 'Google' && evidence === 'E3' && domain !== 'gmail.com' ? { hd: domain } : {}
  return { ...persona, email, ...hd, ...flagFor(provider, evidence, tag) }
}

/** SAML maps no flag here; Facebook and Amazon send none. An OIDC provider that says nothing may be raised, one that says no is not (T150). */
function flagFor(provider: Provider, evidence: Evidence, tag: string) {
  const denies = evidence === 'E1' && (provider === 'Google' || provider === 'SignInWithApple' || provider === 'Okta')
  if (!denies) return { email_verified: true }
  const says = Number(tag) % 3
  if (says === 0 && provider !== 'Okta') return {}
  return { email_verified: says === 1 ? 'false' : false }
}
