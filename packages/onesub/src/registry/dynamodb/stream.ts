import type { DomainEvent } from '../../core/events.ts'
import { eventsInItem } from './table.ts'
import type { ForeignItem } from './transport.ts'

/** A record of the table's stream, as Lambda and the streams API return it; only the fields that are used. */
export interface StreamRecord {
  readonly dynamodb?: { readonly NewImage?: ForeignItem | undefined } | undefined
}

/**
 * The events of a changed row. They are stored in the row, so a record that is delivered twice has the same events twice.
 * A stream keeps the order of changes of one row only; order a person's history by the versions of the events.
 */
export function eventsIn({ dynamodb }: StreamRecord): readonly DomainEvent[] {
  return dynamodb?.NewImage ? eventsInItem(dynamodb.NewImage) : []
}
