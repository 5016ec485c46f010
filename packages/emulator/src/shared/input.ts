import { CognitoFault, invalidParameter } from './faults.ts'
import { isRecord, isText, type JsonRecord } from './json.ts'

const USERNAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u

function wrongShape(name: string): CognitoFault {
  return new CognitoFault('SerializationException', `The value of ${name} has the wrong JSON type.`)
}

/** A request body, parsed field by field. A missing field or a wrong type is refused here. */
export class Input {
  readonly fields: JsonRecord

  constructor(fields: JsonRecord) {
    this.fields = fields
  }

  text(name: string): string | undefined {
    return this.#read(name, isText)
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, (value): value is boolean => typeof value === 'boolean')
  }

  number(name: string): number | undefined {
    return this.#read(name, (value): value is number => typeof value === 'number')
  }

  record(name: string): JsonRecord | undefined {
    return this.#read(name, isRecord)
  }

  part(name: string): Input | undefined {
    const fields = this.record(name)
    return fields && new Input(fields)
  }

  list(name: string): readonly string[] | undefined {
    return this.#read(name, (value): value is string[] => Array.isArray(value) && value.every(isText))
  }

  parts(name: string): readonly Input[] | undefined {
    const records = this.#read(name, (value): value is JsonRecord[] => Array.isArray(value) && value.every(isRecord))
    return records?.map((fields) => new Input(fields))
  }

  texts(name: string): Readonly<Record<string, string>> | undefined {
    return this.#read(name, (value): value is Readonly<Record<string, string>> => {
      return isRecord(value) && Object.values(value).every(isText)
    })
  }

  /** `[{ Name, Value }]`, the way Cognito writes attributes and validation data. */
  attributes(name: string): ReadonlyMap<string, string> | undefined {
    const parts = this.parts(name)
    return parts && new Map(parts.map((part) => [part.need('Name'), part.text('Value') ?? '']))
  }

  need(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw missing(name)
    if (value === '') throw constraint(name, 'Member must have length greater than or equal to 1')
    return value
  }

  needUsername(name = 'Username'): string {
    const value = this.need(name)
    if (value.length > 128) throw constraint(name, 'Member must have length less than or equal to 128')
    if (!USERNAME.test(value)) {
      throw constraint(name, 'Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+')
    }
    return value
  }

  needPart(name: string): Input {
    const part = this.part(name)
    if (!part) throw missing(name)
    return part
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const choice = choices.find((candidate) => candidate === value)
    if (!choice) throw constraint(name, `Member must satisfy enum value set: [${choices.join(', ')}]`)
    return choice
  }

  someOf<const T extends string>(name: string, choices: readonly T[]): readonly T[] | undefined {
    return this.list(name)?.map((value) => {
      const choice = choices.find((candidate) => candidate === value)
      if (!choice) throw constraint(name, `Member must satisfy enum value set: [${choices.join(', ')}]`)
      return choice
    })
  }

  #read<T>(name: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.fields[name]
    if (value === undefined || value === null) return undefined
    if (!is(value)) throw wrongShape(name)
    return value
  }
}

function missing(name: string): CognitoFault {
  const text = `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint`
  return invalidParameter(`${text}: Member must not be null`)
}

// AWS quotes the value; we do not, since it may be an address or a secret.
export function constraint(name: string, rule: string): CognitoFault {
  return invalidParameter(
    `1 validation error detected: Value at '${lowerFirst(name)}' failed to satisfy constraint: ${rule}`,
  )
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
