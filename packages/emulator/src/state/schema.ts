import { invalidParameter } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'

export const ATTRIBUTE_TYPES = ['String', 'Number', 'Boolean', 'DateTime'] as const
type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

export interface AttributeRule {
  readonly name: string
  readonly type: AttributeType
  readonly mutable: boolean
  readonly required: boolean
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

const STRINGS =
  'profile address gender preferred_username given_name middle_name website phone_number picture name locale email nickname family_name zoneinfo birthdate'
export const STANDARD_ATTRIBUTES: readonly string[] = [...STRINGS.split(' '), 'updated_at']
export const VERIFIED_ATTRIBUTES: readonly string[] = ['email_verified', 'phone_number_verified']

// Developer Guide: user-pool-settings-attributes.
const MOST_CUSTOM_ATTRIBUTES = 50
const LONGEST_VALUE = 2_048

const STANDARD_RULES: readonly AttributeRule[] = [
  { name: 'sub', type: 'String', mutable: false, required: true, minimum: 1, maximum: LONGEST_VALUE },
  ...STRINGS.split(' ').map((name): AttributeRule => standardString(name)),
  { name: 'email_verified', type: 'Boolean', mutable: true, required: false },
  { name: 'phone_number_verified', type: 'Boolean', mutable: true, required: false },
  { name: 'updated_at', type: 'Number', mutable: true, required: false, minimum: 0 },
]

function standardString(name: string): AttributeRule {
  const length = name === 'birthdate' ? { minimum: 10, maximum: 10 } : { minimum: 0, maximum: LONGEST_VALUE }
  return { name, type: 'String', mutable: true, required: false, ...length }
}

const FORMATS: Readonly<Record<string, { readonly like: RegExp; readonly says: string }>> = {
  email: { like: /^[^\s@]+@[^\s@]+\.[^\s@]+$/u, says: 'Invalid email address format.' },
  phone_number: { like: /^\+[0-9]{1,15}$/u, says: 'Invalid phone number format.' },
}

export const looksLikeEmail = (text: string) => FORMATS.email?.like.test(text) === true
export const looksLikePhone = (text: string) => FORMATS.phone_number?.like.test(text) === true

/** Which attributes the pool's users may have, and what their values must look like. */
export class Schema {
  readonly #rules = new Map(STANDARD_RULES.map((rule) => [rule.name, rule]))

  constructor(entries: readonly Input[] = []) {
    for (const entry of entries) this.#define(entry)
  }

  static ofRules(rules: readonly AttributeRule[]): Schema {
    const schema = new Schema()
    for (const rule of rules) schema.#rules.set(rule.name, rule)
    return schema
  }

  get rules(): readonly AttributeRule[] {
    return [...this.#rules.values()]
  }

  has(name: string): boolean {
    return this.#rules.has(name)
  }

  /** Attributes of a new user: immutable ones may be set. */
  checkNew(attributes: ReadonlyMap<string, string>): void {
    this.#refuse(attributes, (rule) => rule.name === 'sub')
  }

  checkChange(attributes: ReadonlyMap<string, string>): void {
    this.#refuse(attributes, (rule) => !rule.mutable)
  }

  isMutable(name: string): boolean {
    return this.#rules.get(name)?.mutable === true
  }

  missing(attributes: ReadonlyMap<string, string>): readonly string[] {
    return this.rules.filter((rule) => rule.required && rule.name !== 'sub' && !attributes.get(rule.name)).map(nameOf)
  }

  #refuse(attributes: ReadonlyMap<string, string>, isFixed: (rule: AttributeRule) => boolean): void {
    for (const [name, value] of attributes) {
      const rule = this.#rules.get(name)
      if (!rule)
        throw invalidParameter(`Invalid user attributes: user.${name}: Attribute does not exist in the schema.\n`)
      if (isFixed(rule)) throw invalidParameter(`user.${name}: Attribute cannot be updated.\n`)
      checkValue(rule, value)
    }
  }

  #define(entry: Input): void {
    const name = entry.need('Name')
    const standard = this.#rules.get(name)
    const rule = standard ? adjusted(standard, entry) : customRule(name, entry)
    this.#rules.set(rule.name, rule)
    if (this.#rules.size - STANDARD_RULES.length > MOST_CUSTOM_ATTRIBUTES) {
      throw invalidParameter(`A user pool can have at most ${MOST_CUSTOM_ATTRIBUTES} custom attributes.`)
    }
  }
}

const nameOf = (rule: AttributeRule) => rule.name

function adjusted(standard: AttributeRule, entry: Input): AttributeRule {
  return {
    ...standard,
    mutable: entry.flag('Mutable') ?? standard.mutable,
    required: entry.flag('Required') ?? standard.required,
    ...bounds(entry, standard),
  }
}

function customRule(name: string, entry: Input): AttributeRule {
  if (entry.flag('Required')) throw invalidParameter('Required custom attributes are not supported currently.')
  if (name.length > 20) throw invalidParameter('A custom attribute name has at most 20 characters.')
  const type = entry.oneOf('AttributeDataType', ATTRIBUTE_TYPES)
  if (!type) {
    throw invalidParameter('Invalid AttributeDataType input, consider using the provided AttributeDataType enum.')
  }
  return { name: `custom:${name}`, type, mutable: entry.flag('Mutable') ?? true, required: false, ...bounds(entry) }
}

interface Bounds {
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

function bounds(entry: Input, standard: Bounds = {}): Bounds {
  const text = entry.part('StringAttributeConstraints')
  const number = entry.part('NumberAttributeConstraints')
  const minimum = text?.text('MinLength') ?? number?.text('MinValue')
  const maximum = text?.text('MaxLength') ?? number?.text('MaxValue')
  return {
    minimum: minimum === undefined ? standard.minimum : Number(minimum),
    maximum: maximum === undefined ? standard.maximum : Number(maximum),
  }
}

function checkValue(rule: AttributeRule, value: string): void {
  if (value === '') return
  const format = FORMATS[rule.name]
  if (format && !format.like.test(value)) throw invalidParameter(format.says)
  if (rule.type === 'Boolean' && !/^(true|false)$/iu.test(value)) throw nonConforming(rule, 'type')
  if (rule.type === 'Number' && !/^-?[0-9]+(\.[0-9]+)?$/u.test(value)) throw nonConforming(rule, 'type')
  const size = rule.type === 'Number' ? Number(value) : value.length
  if (rule.type === 'String' && size > LONGEST_VALUE) throw nonConforming(rule, 'length')
  if (rule.minimum !== undefined && size < rule.minimum) throw nonConforming(rule, 'minimum')
  if (rule.maximum !== undefined && size > rule.maximum) throw nonConforming(rule, 'maximum')
}

function nonConforming(rule: AttributeRule, what: string) {
  return invalidParameter(
    `Attributes did not conform to the schema: ${rule.name}: The value breaks the ${what} rule.\n`,
  )
}
