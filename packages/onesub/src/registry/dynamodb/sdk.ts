import {
  BatchGetItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Operation, Operations, Transport } from './transport.ts'

type Send = { readonly [Op in Operation]: (input: Operations[Op]['input']) => Promise<Operations[Op]['output']> }

/** Calls DynamoDB by the AWS SDK. Only this file imports the SDK, so that a function with another transport stays small. */
export function createDynamoDbSdkTransport(client: DynamoDBClient): Transport {
  const send: Send = {
    GetItem: (input) => client.send(new GetItemCommand(input)),
    BatchGetItem: (input) => client.send(new BatchGetItemCommand(input)),
    PutItem: (input) => client.send(new PutItemCommand(input)),
    DescribeTable: (input) => client.send(new DescribeTableCommand(input)),
    TransactWriteItems: (input) => client.send(new TransactWriteItemsCommand(input)),
  }
  return (operation, input) => send[operation](input)
}
