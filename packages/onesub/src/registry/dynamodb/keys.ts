import type { DomainEvent } from '../../core/events.ts'
import type { Row } from '../row-readings.ts'
import type { RowWrite, Table } from '../row-writes.ts'
import type { AttributeValue, ForeignItem, Item } from './transport.ts'

// This file alone knows how the table looks: its key, its row names, its attributes.

/** For whatever creates the table. The stream is the outbox: without it nothing is told. */
export const TABLE = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const

/** Rises when an older version could no longer read the rows. A table without a META row has version 1. */
export const TABLE_VERSION = 1
export const META_KEY: Item = { pk: { S: 'META' } }

const PREFIX: Readonly<Record<Table, string>> = { claims: 'C#', identities: 'I#', persons: 'PERSON#' }

export function nameOf(table: Table, id: string): string {
  return PREFIX[table] + id
}

export function keyOf(table: Table, id: string): Item {
  return { pk: { S: nameOf(table, id) } }
}

/** What the write tells goes into the row itself, so that the table's stream carries it. */
export function itemOf({ table, columns: { id, ...columns }, tells }: RowWrite): Item {
  const attributes = Object.entries(columns).map(([name, value]) => [name, attributeOf(value)])
  return { ...keyOf(table, id), ...Object.fromEntries(attributes), tells: { S: JSON.stringify(tells) } }
}

/** Nobody has written the row since its writer looked. */
export function conditionOf({ columns: { revision } }: RowWrite) {
  if (revision === 1)
    return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
  return {
    ConditionExpression: '#revision = :seen',
    ExpressionAttributeNames: { '#revision': 'revision' },
    ExpressionAttributeValues: { ':seen': attributeOf(revision - 1) },
  }
}

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

export function tellsIn(item: ForeignItem): readonly DomainEvent[] {
  const tells = contentOf(item.tells)
  return typeof tells === 'string' ? (JSON.parse(tells) as DomainEvent[]) : []
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
