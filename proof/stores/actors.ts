import {
  type Identifier,
  type Normalised,
  normaliseEmail,
  normalisePhone,
  normaliseUsername,
} from '../../packages/onesub/src/core/identifiers/index.ts'
import { COGNITO, type KnownIdentity, type PersonId, parsePersonId } from '../../packages/onesub/src/core/person.ts'

/** The persons, identities and identifiers of a round: few of each, so that commands affect the same rows. */
export interface Actors {
  /** Ten digits in every name of this round, so that no other round in the same store has the same names. */
  readonly tag: string
  readonly pool: string
  readonly emails: readonly [Identifier<'email'>, ...Identifier<'email'>[]]
  /** E-mail addresses, phone numbers and user names. */
  readonly identifiers: readonly [Identifier, ...Identifier[]]
  readonly identities: readonly [KnownIdentity, ...KnownIdentity[]]
  readonly persons: readonly [PersonId, ...PersonId[]]
}

/** Names that a provider, a user or an attacker may have chosen. */
export const HOSTILE = [
  '',
  `o'brien"; drop table ownerships; --`,
  'C#one#two',
  'nul\u0000and\u0001more',
  'half a pair \ud800',
  '\u202e\u200b İ ı ﬃ é e\u0301 😀',
  '{"op_id":null}',
  '\\u0000 \\ %s $1 :id ?',
] as const
/** The longest name that may come from outside. Used rarely, because every store needs more time for it. */
export const LONG = 'ж'.repeat(2_000)
/** One round in so many has a user with a long name at a provider. */
const ROUNDS_WITHOUT_LONG = 8

export function actorsOf(tag: string): Actors {
  const emails = [
    keyOf(normaliseEmail(`ada.${tag}@example.com`)),
    keyOf(normaliseEmail(`o'brien#1+${tag}@example.com`)),
    keyOf(normaliseEmail(`{${tag}}@bücher.example`)),
  ] as const
  const others = [
    keyOf(normaliseUsername(`ada-${tag}`)),
    keyOf(normaliseUsername(`"'#;${tag}жé`)),
    keyOf(normalisePhone(`+4930${tag}`)),
  ] as const
  const pool = `eu-west-1_${tag}`
  const [, quotes, hash, nul, half, script] = HOSTILE
  return {
    tag,
    pool,
    emails,
    identifiers: [...emails, ...others],
    identities: [
      { pool, provider: COGNITO, subject: `sub-${tag}`, userName: 'ada', native: true },
      { pool, provider: COGNITO, subject: hash, userName: quotes, native: true },
      {
        pool,
        provider: COGNITO,
        subject: 'placeholder',
        userName: `placeholder-${tag}`,
        native: true,
        placeholder: true,
      },
      { pool, provider: quotes, subject: nul, userName: null, native: false },
      {
        pool,
        provider: 'Google',
        subject: Number(tag) % ROUNDS_WITHOUT_LONG === 0 ? LONG : script,
        userName: `Google_${half}`,
        native: false,
      },
      { pool: `${pool}#2`, provider: COGNITO, subject: half, userName: nul, native: true },
    ],
    persons: [personOf(1, tag), personOf(2, tag), personOf(3, tag), personOf(4, tag), personOf(5, tag)],
  }
}

function keyOf<K extends Identifier['kind']>(normalised: Normalised<K>): Identifier<K> {
  if (!normalised.ok) throw new Error(`An identifier of the actors is refused: ${normalised.fault}.`)
  return normalised.identifier
}

function personOf(number: number, tag: string): PersonId {
  const id = parsePersonId(`0000000${number}-0000-7000-8000-00${tag}`)
  if (!id) throw new Error('A person of the actors has no id.')
  return id
}
