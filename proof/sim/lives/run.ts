import type { Chooser } from '../random.ts'
import { anyTheme, anything, wasHere } from './actions.ts'
import { federate } from './by-provider.ts'
import type { Human } from './ground-truth.ts'
import { Life } from './life.ts'
import { runLivenessPhase } from './liveness.ts'

/** Most of it is between two of them. */
const CROWD: readonly Human[] = ['ada', 'ada', 'ada', 'eve', 'eve', 'bob']

/** How often each question could be answered wrongly: a proof says nothing of what it never asked. */
export interface Asked {
  /** Whose person is this? */
  readonly sightings: number
  /** Does the reader of this mailbox get a person by it (I3)? */
  readonly mailboxes: number
  /** Can the reader, with an account at a provider for it, sign in by that account (I3)? */
  readonly providers: number
  /** Is all that proves this address one person (I5)? */
  readonly addresses: number
}

/** Some people, one pool, and what happens to them: one thing after the other, and everything that the documents speak of. */
export async function lives(chooser: Chooser) {
  const life = new Life(chooser, anyTheme(chooser))
  const anybody = (): Human => CROWD[chooser.pick(CROWD.length)] ?? 'ada'
  // Who is there already. The operator's word about their marks has to be true.
  const truthful = life.policy.existingUsers === 'verified-by-code'
  for (let there = chooser.oneIn(2) ? chooser.pick(3) : 0; there > 0; there -= 1) {
    const human = anybody()
    const typed = human === 'eve' && chooser.oneIn(2) ? 'ada@example.com' : `${human}@example.com`
    const isTheirs = life.groundTruth.readerOf(typed) === human
    if (chooser.oneIn(3)) {
      const accounts = life.groundTruth.accountsOf(human)
      const account = accounts[chooser.pick(accounts.length)]
      if (account) await federate(life, human, account)
    } else
      wasHere(
        life,
        human,
        chooser.oneIn(4) ? typed.toUpperCase() : typed,
        truthful ? isTheirs && !chooser.oneIn(3) : chooser.oneIn(2),
      )
  }
  await life.attach()
  for (let steps = 2 + chooser.pick(7); steps > 0; steps -= 1) await anything(life, anybody())
  await runLivenessPhase(life)
  return { violations: life.judge.violations, steps: life.steps, trace: life.trace, asked: life.judge.asked }
}
