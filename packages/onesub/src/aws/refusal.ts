import type { Answer } from './exchange.ts'
import { failure } from './failure.ts'

/**
 * A refusal by AWS under the exception's own name, with its other fields. The text of AWS is dropped: it contains accounts, roles,
 * tables and users, and an error's message ends up in logs and answers.
 */
export function refusalIn({ status, errorType, body }: Answer, call: string): Error {
  const said = recordIn(body) ?? {}
  const name = nameIn(errorType ?? said.__type ?? said.code)
  return failure(name, `${call} was refused: ${name}, status ${status}`, fieldsOf(said))
}

/** A JSON object; undefined for anything else. */
export function recordIn(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Between a namespace and an address, if they are there: `aws.protocols#Name:http://…` (Smithy, "AWS JSON 1.0", operation errors). */
function nameIn(type: unknown): string {
  const [, name] = typeof type === 'string' ? (/^(?:[^#:]*#)?(\w{1,100})(?::|$)/.exec(type) ?? []) : []
  return name ?? 'UnknownError'
}

/** What a refused write met (DynamoDB API Reference, `ReturnValuesOnConditionCheckFailure`). */
function fieldsOf({ Item, CancellationReasons }: Readonly<Record<string, unknown>>): object {
  return {
    ...(isRecord(Item) && { Item }),
    ...(Array.isArray(CancellationReasons) && {
      CancellationReasons: CancellationReasons.filter(isRecord).map(reason),
    }),
  }
}

function reason({ Code, Item }: Readonly<Record<string, unknown>>): object {
  return { Code, ...(isRecord(Item) && { Item }) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
