import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { type Desk, letIn, openWorld, PASSWORD, type Tokens, type World, type WorldOptions } from './world.ts'

/** The person of whoever comes by the provider; undefined for nobody, and for a refusal. */
export async function personBy(world: World, provider: string, persona: string): Promise<string | undefined> {
  const arrival = await world.continueWith(provider, persona)
  if ('refused' in arrival) return undefined
  return world.personOf(arrival.tokens).catch(() => undefined)
}

/** The person of whoever has the password; undefined for nobody, and where Cognito takes it no more. */
export async function personWith(world: World, name: string, password = PASSWORD): Promise<string | undefined> {
  const tokens = await world.signIn(name, password).catch(() => undefined)
  return tokens && world.personOf(tokens).catch(() => undefined)
}

/** In a pool with addresses as user names the user has the new one for a name where it shows at once. */
export function codeOf({ emulator }: Desk, { userPoolId }: World, userName: string, address: string): string {
  return emulator.newestCode(userPoolId, userName) ?? emulator.newestCode(userPoolId, address) ?? ''
}

/** Through our own call, which sees the code being entered. */
export async function changesHere(
  desk: Desk,
  world: World,
  accessToken: string,
  userName: string,
  address: string,
): Promise<void> {
  const { proof } = await world.account.changeAddress({ accessToken, address })
  await world.account.confirmAddress({ accessToken, proof, code: codeOf(desk, world, userName, address) })
}

/** A pool whose clock of ours goes on at will: nothing is waited for. */
export async function openMovable(desk: Desk, options: WorldOptions = {}) {
  const clock = { later: 0 }
  const time = { ...systemTime, now: () => Date.now() + clock.later }
  return { clock, world: await openWorld(desk, { ...options, options: { time, ...options.options } }) }
}

/** On the account page: the way in of the second sign-in is added to the account of the first. */
export async function link(world: World, { accessToken }: Tokens, { idToken }: Tokens): Promise<void> {
  const offer = await world.account.offerLink({ accessToken, additionIdToken: idToken })
  if (offer !== 'linked') await world.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
}

/** Who the reader of the mailbox is, by Google, which is the authority for its domain. */
export async function ownerByGoogle(desk: Desk, world: World, email: string): Promise<string> {
  desk.emulator.setPersona({ id: 'g', sub: '900', email, email_verified: true, hd: email.split('@')[1] ?? '' })
  return world.personOf(letIn(await world.continueWith('Google', 'g')))
}
