import type { Change } from '../../packages/onesub/src/core/changes/change.ts'
import { bare } from '../../packages/onesub/src/core/changes/change-parts.ts'
import type { Identifier } from '../../packages/onesub/src/core/identifiers/index.ts'
import type { Identity, PersonId } from '../../packages/onesub/src/core/person.ts'
import { among } from '../sim/random.ts'
import { productChange } from './product-changes.ts'
import { misjudged, rawChange } from './raw-changes.ts'
import { maybe, type Scenario, some } from './scenario.ts'

/** One call of a registry with its arguments. It can be printed, sent again, or left out. */
export type Command =
  | { readonly call: 'commit'; readonly change: Change }
  | { readonly call: 'facts'; readonly identity: Identity | null; readonly identifiers: readonly Identifier[] }
  | { readonly call: 'resolve'; readonly identity: Identity }
  | { readonly call: 'person'; readonly id: PersonId }
  /** Reads the next page of events, or the first page again. It has no position, because positions differ between stores. */
  | { readonly call: 'told'; readonly from: 'start' | 'here'; readonly limit: number }

export interface CommanderOptions {
  /** How many of a hundred commands are commits. The others read. */
  readonly commits: number
  /** Whether the store has an event feed. */
  readonly events: boolean
}

/** How many earlier changes can be sent again. */
const REMEMBERED = 12

/** Returns one command after another. Each depends on the rows of the reference at that time. */
export function commander(scenario: Scenario, { commits, events }: CommanderOptions): () => Promise<Command> {
  const { chooser, actors } = scenario
  const sent: Change[] = []

  const changes = async (): Promise<Change | undefined> => {
    const [earlier, way] = [sent[chooser.pick(REMEMBERED)], chooser.pick(100)]
    if (earlier && way < 15) return earlier
    // A repeated run creates another person id.
    if (earlier && way < 22) return { ...earlier, person: among(chooser, actors.persons) }
    if (earlier && way < 27) return misjudged(scenario, earlier)
    const made = way < 70 ? await productChange(scenario) : await rawChange(scenario)
    if (!made || !earlier || !maybe(chooser, 10)) return made
    return { ...made, opId: earlier.opId }
  }

  const commit = async (): Promise<Command> => {
    const change = (await changes()) ?? (await rawChange(scenario))
    if (!change) throw new Error('A raw change has a row.')
    sent[chooser.pick(REMEMBERED)] = change
    return { call: 'commit', change }
  }

  return async () => {
    if (chooser.pick(100) < commits) return commit()
    const way = chooser.pick(20)
    if (way < 9) {
      const identity = maybe(chooser, 3) ? null : bare(among(chooser, actors.identities))
      return { call: 'facts', identity, identifiers: some(chooser, actors.identifiers, 4, 0) }
    }
    if (way < 13) return { call: 'resolve', identity: bare(among(chooser, actors.identities)) }
    if (way < 17 || !events) return { call: 'person', id: among(chooser, actors.persons) }
    return { call: 'told', from: maybe(chooser, 10) ? 'start' : 'here', limit: chooser.pick(12) }
  }
}
