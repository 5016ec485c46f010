import { COGNITO } from '../../packages/onesub/src/core/person.ts'
import { federate, type Human, type ProviderAccount, reset, signIn, type TestEnvironment } from './flows.ts'
import { identityIn, nameOf } from './pool.ts'
import { PLAIN } from './random.ts'
import { Scheduler } from './scheduler.ts'

/**
 * No faults, one thing after the other: each human signs in by all methods that they have used, and the first of them, whose address it is all about, by
 * one more way that proves it. `triesAll`: by all that they have, which seldom shows more.
 */
export async function runLivenessPhase(
  scenario: TestEnvironment,
  people: readonly Human[],
  policy: string,
  triesAll = true,
): Promise<void> {
  const environment = { ...scenario, signsIn: true }
  const { simulatedPool, checker } = environment
  const liveness = new Scheduler({ chooser: PLAIN, faults: 0, onStep: (label) => checker.noted(label) })
  const alone = async (work: () => Promise<string | undefined>) => {
    let person: string | undefined
    void work().then((found) => {
      person = found
    })
    await liveness.run()
    return person
  }
  const [owner] = people
  simulatedPool.setScheduler(liveness)
  simulatedPool.isLivenessPhase = true
  for (const human of people) {
    const tookPart =
      human.used.size > 0 || [...simulatedPool.pool.users.values()].some(({ passwordOf }) => passwordOf === human.name)
    if (!tookPart && !triesAll) continue
    const proven: (string | undefined)[] = []
    for (const user of [...simulatedPool.pool.users.values()]) {
      if (user.passwordOf === undefined) await alone(async () => void (await reset(environment, human, user)))
      if (user.passwordOf !== human.name) continue
      const person = await alone(() => signIn(environment, human, user))
      const isProof =
        user.attributes.get('email')?.toLowerCase() === human.address && checker.hasProven(human.name, user.userName)
      if (isProof && !checker.hasMoved(user.userName)) proven.push(person)
    }
    const untried = human === owner && human.accounts.find((one) => isProofOf(human, one) && !human.used.has(one))
    const tries = human.accounts.filter((account) => triesAll || account === untried || human.used.has(account))
    for (const account of tries) {
      const person = await alone(() => federate(environment, human, account))
      if (isProofOf(human, account)) proven.push(person)
      // Where policy lets proof in, proof gets in, whatever went wrong before.
      if (account.proves && (policy === 'link' || policy === 'enumeration-safe')) {
        checker.mustBeSomebody(human.name, nameOf(account), person)
      }
    }
    checker.ended(human.name, proven)
  }
  agree(environment)
  checker.heard((await simulatedPool.registry.told(0, 10_000)).map(({ event }) => event))
}

function isProofOf({ address }: Human, { proves, attributes }: ProviderAccount): boolean {
  return proves && attributes.email === address
}

/** Cognito links an identity to one user; whose both are must be one person. True where they are not. */
export function agree({ simulatedPool, checker }: TestEnvironment): boolean {
  const ownerOf = (provider: string, subject: string) => simulatedPool.memberBy(provider, subject)
  for (const user of simulatedPool.pool.users.values()) {
    const owner = ownerOf(COGNITO, user.sub)
    for (const name of user.links) {
      const { provider, subject } = identityIn(name)
      const linked = ownerOf(provider, subject)
      if (linked === undefined || owner === undefined || linked === owner) continue
      checker.noted(`  ${name} is of ${linked}, and its user ${user.userName} of ${owner}`)
      checker.disagreed('Cognito links an identity to another person’s user')
      return true
    }
  }
  return false
}
