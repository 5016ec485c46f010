import { isDeepStrictEqual } from 'node:util'
import { isOnesubError } from '../../packages/onesub/src/core/errors.ts'
import type { EventFeed, Registry } from '../../packages/onesub/src/core/ports.ts'
import type { Command } from './commands.ts'

export type Store = Registry & Partial<EventFeed>

/** A store in which one round after another is played. */
export interface Place {
  readonly store: Store
  /** The position of the last event so far. The events of the next round come after it. */
  end(): Promise<number>
}

export function placeIn(store: Store): Place {
  let end = 0
  const next = async () => (await store.told?.(end)) ?? []
  return {
    store,
    async end() {
      for (let page = await next(); page.length > 0; page = await next()) end = page.at(-1)?.position ?? end
      return end
    },
  }
}

/** An answer, without the parts that may differ between stores: the text of errors, and the positions of events. */
export type Answer = { readonly value: unknown } | { readonly code: string }

export type Listener = (command: Command) => Promise<Answer>

/** Returns a function that sends the commands of one round to a store. */
export async function listenerIn({ store, end }: Place): Promise<Listener> {
  const start = await end()
  let here = start

  const told = async (from: number, limit: number): Promise<unknown> => {
    const page = (await store.told?.(from, limit)) ?? []
    const positions = [from, ...page.map(({ position }) => position)]
    here = positions.at(-1) ?? from
    return {
      events: page.map(({ event }) => event),
      grows: positions.every((at, index) => at > (positions[index - 1] ?? -1)),
    }
  }

  const answerTo = (command: Command): Promise<unknown> => {
    if (command.call === 'commit') return store.commit(command.change)
    if (command.call === 'facts')
      return store.facts({ identity: command.identity ?? undefined, identifiers: command.identifiers })
    if (command.call === 'resolve') return store.resolve(command.identity)
    if (command.call === 'person') return store.person(command.id)
    return told(command.from === 'start' ? start : here, command.limit)
  }

  return async (command) => {
    try {
      return { value: await answerTo(command) }
    } catch (error) {
      return { code: isOnesubError(error) ? error.code : `foreign: ${String(error)}` }
    }
  }
}

export function isSame(one: Answer, other: Answer): boolean {
  return isDeepStrictEqual(one, other)
}

/** The kind of an answer, for statistics: a run without any overtaken commit has compared little. */
export function kindOf({ call }: Command, answer: Answer): string {
  if ('code' in answer) return `${call}: ${answer.code}`
  const { value } = answer
  if (call !== 'commit' || typeof value !== 'object' || value === null) return call
  if ('replayed' in value) return value.replayed ? 'commit: replayed' : 'commit: committed'
  return 'winner' in value && value.winner ? 'commit: overtaken by a winner' : 'commit: overtaken'
}
