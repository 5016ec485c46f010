import { nameOf, type PoolUser } from '../pool.ts'
import { emailOf } from './cognito.ts'
import type { Account, Human } from './ground-truth.ts'
import type { Life } from './life.ts'

/** "Continue with …": in at once, in when asked again, or refused. */
export async function federate(life: Life, human: Human, account: Account): Promise<string | undefined> {
  life.trace.push(`${human} continues with ${nameOf(account)} (${account.address})`)
  life.touches(account.address)
  life.onePerson.uses(life, account)
  const isExpected = invitedUser(life, human, account)
  if (account.isAuthority) life.proves(account.address)
  const last = await life.within(account.address, async () => {
    const first = await once(life, human, account)
    return first === 'again' ? once(life, human, account) : first
  })
  judgeInvited(life, account, isExpected)
  return last === 'again' || last === 'refused' ? undefined : last
}

/** The user whom an administrator has invited at the address that this account proves, and who has not come yet (T177). */
function invitedUser(life: Life, human: Human, account: Account): PoolUser | undefined {
  const { isEnforced, policy, pool, groundTruth, onePerson, kind } = life
  const isJoined =
    isEnforced &&
    (policy.existingAccount === 'link' || policy.existingAccount === 'enumeration-safe') &&
    account.isAuthority
  if (!isJoined || policy.invitations !== 'generated' || account.provider === kind.refusesLinksOf) return undefined
  if (
    groundTruth.readerOf(account.address) !== human ||
    life.lastProof.has(account.address) ||
    onePerson.isSpoilt(account.address)
  )
    return undefined
  if (life.memberBy(account.provider, account.subject) !== undefined) return undefined
  return [...pool.users.values()].find(
    (user) =>
      life.onePerson.invited.includes(user.sub) &&
      user.status === 'FORCE_CHANGE_PASSWORD' &&
      user.links.size === 0 &&
      emailOf(user) === account.address,
  )
}

function judgeInvited(life: Life, account: Account, user: PoolUser | undefined): void {
  if (user && !user.links.has(nameOf(account)))
    life.judge.violated(`I11: whoever was invited, and comes by a provider, has a second user`)
}

/** A flag that is mapped and not sent is written as "no" (aws-amplify/amplify-js#7300). Nothing is mapped for a SAML provider. */
function mapped({ kind }: Life, { provider, address, mapped: others }: Account): Readonly<Record<string, string>> {
  const { email_verified = 'false', ...rest } = others
  const flag = provider !== 'Corp' && { email_verified: kind.mapsFlags ? email_verified : 'false' }
  return { email: address, ...flag, ...rest }
}

async function once(life: Life, human: Human, account: Account): Promise<string | undefined> {
  const { pool, kind } = life
  const name = nameOf(account)
  const attributes = mapped(life, account)
  if (kind.hasInbound) {
    const inbound = { providerName: account.provider, attributes: account.raw(account.address) }
    const answer = await life.ask({ source: 'InboundFederation_ExternalProvider', userName: name, attributes, inbound })
    if (!answer.ok) return 'refused'
  }
  const known = pool.linkedTo(name)
  if (known) {
    if (life.disabled.has(known.sub)) return 'refused'
    // Written over at each sign-in (developer guide, "Specifying identity provider attribute mappings").
    for (const [attribute, value] of Object.entries(attributes)) known.attributes.set(attribute, value)
    await life.askAbout(known, 'PostAuthentication_Authentication')
    return life.tokens(human, name, known, 'TokenGeneration_HostedAuth')
  }
  const asked = await life.ask({ source: 'PreSignUp_ExternalProvider', userName: name, attributes })
  if (!asked.ok) return 'refused'
  const linked = pool.linkedTo(name)
  if (linked) {
    if (kind.linkingSignIn === 'fails once') return 'again'
    return life.tokens(human, name, linked, 'TokenGeneration_HostedAuth')
  }
  // Somebody has chosen this name (T16, T161).
  if (pool.users.has(name)) return 'refused'
  const profile = pool.add(name, {
    own: name,
    status: 'EXTERNAL_PROVIDER',
    attributes: new Map(Object.entries(attributes)),
  })
  await life.askAbout(profile, 'PostConfirmation_ConfirmSignUp')
  return life.tokens(human, name, profile, 'TokenGeneration_HostedAuth')
}
