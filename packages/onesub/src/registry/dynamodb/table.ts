import type { DomainEvent } from '../../core/events.ts'
import { type Metadata, metadataIn, metadataText, type StoredMetadata } from '../metadata.ts'
import type { Row } from '../rows/decode.ts'
import { isReservation, RESERVATION_OUTLIVES_LEASE_MS, type RowWrite, type Table } from '../rows/encode.ts'
import type { AttributeValue, ConditionalPut, ForeignItem, Item } from './transport.ts'

// Only this file knows the format of the table: its key, its row names, its attributes.

/** For the code that creates the table. The stream carries the events: without it there are none. */
export const TABLE: TableShape = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
}

/** As CreateTable takes it; the arrays are mutable, because the types of the AWS SDK require it. */
export interface TableShape {
  KeySchema: { AttributeName: 'pk'; KeyType: 'HASH' }[]
  AttributeDefinitions: { AttributeName: 'pk'; AttributeType: 'S' }[]
  BillingMode: 'PAY_PER_REQUEST'
  StreamSpecification: { StreamEnabled: true; StreamViewType: 'NEW_AND_OLD_IMAGES' }
}

const TIME_TO_LIVE = 'ttl'

/**
 * For the code that creates the table: DynamoDB then deletes reservations that have ended (API Reference, "UpdateTimeToLive"). No decision depends on
 * it: a reservation ends with its lease, whether its row still exists or not.
 */
export const TABLE_TIME_TO_LIVE = {
  TimeToLiveSpecification: { AttributeName: TIME_TO_LIVE, Enabled: true },
} as const

/** Increased when an older version can no longer read the rows. A table without a META row has version 1. */
export const TABLE_VERSION = 1
export const META_KEY: Item = { pk: { S: 'META' } }

const PREFIX: Readonly<Record<Table, string>> = { ownerships: 'C#', identities: 'I#', persons: 'PERSON#' }

export function nameOf(table: Table, id: string): string {
  return PREFIX[table] + id
}

export function keyOf(table: Table, id: string): Item {
  return { pk: { S: nameOf(table, id) } }
}

/** The events of a write are an attribute of its row, so that the table's stream carries them. */
export function itemOf(row: RowWrite): Item {
  const { table, columns, events } = row
  const { id, ...others } = columns
  const attributes = Object.entries(others).map(([name, value]) => [name, attributeOf(value)])
  const item = { ...keyOf(table, id), ...Object.fromEntries(attributes), events: { S: JSON.stringify(events) } }
  return isReservation(row) ? { ...item, [TIME_TO_LIVE]: attributeOf(endOf(row)) } : item
}

/** Epoch seconds. */
function endOf({ columns }: RowWrite): number {
  const lease = 'lease_until' in columns ? columns.lease_until : null
  return Math.ceil(((lease ?? 0) + RESERVATION_OUTLIVES_LEASE_MS) / 1_000)
}

/** The condition that no other writer has written the row since it was read. */
export function conditionOf({ columns: { revision } }: RowWrite) {
  if (revision === 1) return NOT_THERE
  return {
    ConditionExpression: '#revision = :seen',
    ExpressionAttributeNames: { '#revision': 'revision' },
    ExpressionAttributeValues: { ':seen': attributeOf(revision - 1) },
  }
}

/** The condition that there is no row under this key. */
export const NOT_THERE = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }

export function rowOf(item: ForeignItem): Row {
  const { pk, ...columns } = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, contentOf(value)]))
  return { ...columns, id: String(pk).slice(String(pk).indexOf('#') + 1) }
}

export function nameIn(item: ForeignItem): string {
  return String(contentOf(item.pk))
}

export function versionIn(meta: ForeignItem | undefined): number {
  return meta ? Number(contentOf(meta.version)) : TABLE_VERSION
}

/** The META row also holds the table's version, if one was written. */
export function storedMetadataIn(meta: ForeignItem | undefined): StoredMetadata {
  const { metadata, revision } = meta ?? {}
  return { metadata: metadataIn(contentOf(metadata)), revision: Number(contentOf(revision) ?? 0) }
}

export function metaWith(
  metadata: Metadata,
  over: number,
): Pick<ConditionalPut, 'Item' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  const Item = {
    ...META_KEY,
    version: attributeOf(TABLE_VERSION),
    revision: attributeOf(over + 1),
    metadata: attributeOf(metadataText(metadata)),
  }
  const ExpressionAttributeNames = { '#revision': 'revision' }
  if (over === 0) return { Item, ConditionExpression: 'attribute_not_exists(#revision)', ExpressionAttributeNames }
  const ExpressionAttributeValues = { ':seen': attributeOf(over) }
  return { Item, ConditionExpression: '#revision = :seen', ExpressionAttributeNames, ExpressionAttributeValues }
}

export function eventsInItem(item: ForeignItem): readonly DomainEvent[] {
  const events = contentOf(item.events)
  return typeof events === 'string' ? (JSON.parse(events) as DomainEvent[]) : []
}

function attributeOf(value: string | number | null): AttributeValue {
  if (value === null) return { NULL: true }
  return typeof value === 'number' ? { N: String(value) } : { S: value }
}

function contentOf(attribute: unknown): string | number | null {
  if (typeof attribute !== 'object' || attribute === null) return null
  if ('S' in attribute && typeof attribute.S === 'string') return attribute.S
  return 'N' in attribute && typeof attribute.N === 'string' ? Number(attribute.N) : null
}
