/** An attribute as the DynamoDB API writes it (API Reference, "AttributeValue"); the three forms that the registry uses. */
export type AttributeValue = { S: string } | { N: string } | { NULL: true }
export type Item = Record<string, AttributeValue>
/** An item that came from outside: not yet believed. */
export type ForeignItem = Readonly<Record<string, unknown>>

export interface ConditionalPut extends Condition {
  TableName: string
  Item: Item
}

export interface ConditionCheck extends Condition {
  TableName: string
  Key: Item
}

interface Condition {
  ConditionExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues?: Item
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD'
}

export type TransactItem = { Put: ConditionalPut } | { ConditionCheck: ConditionCheck }

interface Keys {
  Keys: Item[]
  ConsistentRead: true
}

/** What the registry asks of DynamoDB, in the words of its API Reference. */
export interface Operations {
  readonly GetItem: {
    readonly input: { TableName: string; Key: Item; ConsistentRead: true }
    readonly output: { readonly Item?: ForeignItem | undefined }
  }
  readonly BatchGetItem: {
    readonly input: { RequestItems: Record<string, Keys> }
    readonly output: {
      readonly Responses?: Readonly<Record<string, readonly ForeignItem[]>> | undefined
      readonly UnprocessedKeys?: Readonly<Record<string, unknown>> | undefined
    }
  }
  readonly PutItem: { readonly input: ConditionalPut; readonly output: object }
  readonly TransactWriteItems: { readonly input: { TransactItems: TransactItem[] }; readonly output: object }
  readonly DescribeTable: {
    readonly input: { TableName: string }
    readonly output: { readonly Table?: object | undefined }
  }
}

export type Operation = keyof Operations

/**
 * One call of the DynamoDB API. A refusal is thrown as an `Error` whose `name` is the exception's and which carries the exception's
 * own fields (`Item`, `CancellationReasons`), as the AWS SDK does it.
 */
export type Transport = <Op extends Operation>(
  operation: Op,
  input: Operations[Op]['input'],
) => Promise<Operations[Op]['output']>
