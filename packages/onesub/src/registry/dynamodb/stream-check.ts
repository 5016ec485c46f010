import { OnesubError } from '../../core/errors.ts'
import { toOnesubError } from './faults.ts'
import type { Transport } from './transport.ts'

export interface StreamCheckOptions {
  readonly transport: Transport
  readonly table: string
}

const VIEWS: readonly unknown[] = ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES']

/**
 * Checks, for a system that reads events, that the table has a stream with them; rejects with `REGISTRY_NOT_READY` where it has none. Makes one call; the
 * role needs `dynamodb:DescribeTable`, which the registry itself does not need.
 */
export async function requireStream({ transport, table }: StreamCheckOptions): Promise<void> {
  const { Table } = await transport('DescribeTable', { TableName: table }).catch((cause: unknown) => {
    throw toOnesubError(cause)
  })
  const { StreamSpecification }: { StreamSpecification?: unknown } = Object(Table)
  const { StreamEnabled, StreamViewType }: { StreamEnabled?: unknown; StreamViewType?: unknown } =
    Object(StreamSpecification)
  if (StreamEnabled === true && VIEWS.includes(StreamViewType)) return
  throw new OnesubError('REGISTRY_NOT_READY', {
    detail:
      'The table has no stream with new images, so no events are delivered: give it the StreamSpecification of TABLE.',
  })
}
