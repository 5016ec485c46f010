import type { Change, Write } from '../../packages/onesub/src/core/changes/change.ts'
import type { Identity } from '../../packages/onesub/src/core/person.ts'
import type { EventFeed, Registry } from '../../packages/onesub/src/core/ports.ts'

/** A registry, and what stands in its rows: kept by watching what is committed, since a registry does not show its rows. */
export interface Watched {
  readonly registry: Registry & EventFeed
  /** The last write of each row, with the operation that wrote it. */
  readonly rows: ReadonlyMap<string, { readonly write: Write; readonly opId: string }>
  /** What has been committed, in order. */
  readonly changes: readonly Change[]
  /** Whose an identity is, by its row. */
  memberBy(pool: string, provider: string, subject: string): string | undefined
}

export function watched(registry: Registry & EventFeed): Watched {
  const rows = new Map<string, { write: Write; opId: string }>()
  const changes: Change[] = []
  return {
    rows,
    changes,
    memberBy(pool, provider, subject) {
      const write = rows.get(rowOf({ pool, provider, subject }))?.write
      return write?.row === 'identity' && write.attachment.status === 'member' ? write.attachment.person : undefined
    },
    registry: {
      ...registry,
      async commit(change) {
        const result = await registry.commit(change)
        if (result.outcome === 'committed' && !result.replayed) {
          changes.push(change)
          for (const write of change.writes) rows.set(nameOf(write), { write, opId: change.opId })
        }
        return result
      },
    },
  }
}

function nameOf(write: Write): string {
  if (write.row === 'ownership') return `claim ${write.identifier.kind} ${write.identifier.value}`
  if (write.row === 'person') return `person ${write.id}`
  return rowOf(write.identity)
}

/** The name of an identity's row. */
function rowOf({ pool, provider, subject }: Identity): string {
  return `identity ${pool} ${provider} ${subject}`
}
