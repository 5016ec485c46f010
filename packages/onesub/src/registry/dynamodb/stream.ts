import type { DomainEvent } from '../../core/events.ts'
import { eventsInItem } from './table.ts'
import type { ForeignItem } from './transport.ts'

/** A record of the table's stream, as Lambda and the streams API give it; the parts that matter here. */
export interface StreamRecord {
  readonly dynamodb?: { readonly NewImage?: ForeignItem | undefined } | undefined
}

/**
 * What a changed row makes known. The events lie in the row, so a record that comes twice tells the same again.
 * A stream keeps the order of one row's changes only; a person's history is put in order by the events' versions.
 */
export function eventsIn({ dynamodb }: StreamRecord): readonly DomainEvent[] {
  return dynamodb?.NewImage ? eventsInItem(dynamodb.NewImage) : []
}
