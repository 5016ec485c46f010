/** An attribute as the DynamoDB API writes it (API Reference, "AttributeValue"); the three forms that the registry uses. */
export type AttributeValue = { S: string } | { N: string } | { NULL: true }
export type Item = Record<string, AttributeValue>
/** An item as DynamoDB returns it, before it is checked. */
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

/** The operations of DynamoDB that the registry uses, with the names of the API Reference. */
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
 * One call of the DynamoDB API. An exception of DynamoDB is thrown as an `Error` with the exception's name in `name` and with the exception's
 * own fields (`Item`, `CancellationReasons`), as the AWS SDK throws it.
 */
export type Transport = <Op extends Operation>(
  operation: Op,
  input: Operations[Op]['input'],
) => Promise<Operations[Op]['output']>
