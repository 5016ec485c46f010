import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const IDENTIFIERS: Area = {
  name: 'Identifiers',
  threats: [
    {
      number: 35,
      title: 'Case-mapping collisions',
      clauses: [
        {
          id: 'T35a',
          says: 'No code point beyond ASCII before the @ gives a key',
          tests: ['no code point beyond ASCII, in a local part, gives an identifier'],
        },
        {
          id: 'T35b',
          says: 'A user name never has the key of an ASCII one by folding',
          tests: ['never has the identifier of an ASCII username'],
        },
        {
          id: 'T35c',
          says: 'The vectors that led other software astray',
          tests: ['before the @, U+212A', 'the vectors that other software was led astray by come out as they should'],
        },
        {
          id: 'T35d',
          says: 'Mail goes to the stored address and not to the one typed',
          open: 'Cognito sends the mail; we send none',
        },
      ],
    },
    {
      number: 36,
      title: 'Locale: dotless and dotted i',
      clauses: [
        {
          id: 'T36a',
          says: 'The normaliser gives the same under Turkish and other locales',
          tests: ['give the same under the locale tr_TR.UTF-8'],
        },
        { id: 'T36b', says: 'All its sources are looked at for locale-dependent calls', tests: ['are all looked at'] },
        { id: 'T36c', says: 'Names are compared byte by byte in PostgreSQL', as: 'T37c' },
        {
          id: 'T36d',
          says: 'With a Turkish default collation of the database',
          open: 'only tried with the server’s default collation',
        },
      ],
    },
    {
      number: 37,
      title: 'Another layer folds more than we do',
      clauses: [
        {
          id: 'T37a',
          says: 'No locale, no case mapping and no character class of the runtime in the normaliser',
          tests: ['asks no locale, no case mapping and no character class of the runtime'],
        },
        {
          id: 'T37b',
          says: 'Spellings that a collation or upper-casing would unite keep keys of their own',
          tests: ['every spelling that a collation or an upper-casing would unite keeps an identifier of its own'],
        },
        { id: 'T37c', says: 'PostgreSQL folds nothing', tests: ['compares names byte by byte and folds nothing'] },
      ],
    },
    {
      number: 38,
      title: 'Compatibility folding creates ASCII and syntax',
      clauses: [
        { id: 'T38a', says: 'No code point stands in for the @', tests: ['no code point replaces the @'] },
        {
          id: 'T38b',
          says: 'A key stays the same when it is made again, for addresses, domains and user names',
          tests: [
            'in a local part gives an identifier that stays the same when it is made again',
            'the identifier of any address, of 20,000, stays the same when it is made again',
            'has an identifier that stays the same when it is made again, or none',
            'the identifier of any username, of 20,000, stays the same when it is made again',
          ],
        },
        {
          id: 'T38c',
          says: 'A user name that NFKC takes for another is refused',
          tests: ['is refused if NFKC takes it for another'],
        },
        {
          id: 'T38d',
          says: 'A million random strings',
          open: '20,000 of each kind are tried in a test; `npm run proof -- identifiers` tries more',
        },
      ],
    },
    {
      number: 39,
      title: 'NFC and NFD spellings',
      clauses: [
        {
          id: 'T39a',
          says: 'Composed and decomposed have one key, or neither has one',
          tests: [
            '100,000 names have one identifier composed and decomposed, or neither has one',
            '20,000 addresses of the grammar have the identifier that a second implementation of our grammar gives',
            'U+212B and U+00C5 are one letter in a domain',
          ],
        },
      ],
    },
    {
      number: 40,
      title: 'Homoglyphs',
      clauses: [
        { id: 'T40a', says: 'Look-alikes are different keys', tests: ['look-alikes stay apart'] },
        { id: 'T40b', says: 'The review page shows the scripts, and bulk approval is forbidden', open: NOT_YET.merge },
      ],
    },
    {
      number: 41,
      title: 'Internationalised domains',
      clauses: [
        {
          id: 'T41a',
          says: 'A domain has the key that an independent implementation gives, or is refused for a named reason',
          tests: [
            'has the identifier that the oracle gives, or none',
            '20,000 random domains give what the witness gives, or are refused for a named reason',
          ],
        },
        {
          id: 'T41b',
          says: 'Letters and A-label have one key',
          tests: ['the spelling in letters and the A-label have one identifier'],
        },
        {
          id: 'T41c',
          says: 'What stands for nothing, or is mapped away, is refused',
          tests: [
            'is refused where the code point is not assigned',
            'the domain "faß.de" gives',
            'the domain "ﬁsh.com" gives',
          ],
        },
      ],
    },
    {
      number: 42,
      title: 'Dots, literals, numbers',
      clauses: [
        {
          id: 'T42a',
          says: 'No literal, no number, no empty label, one label or an overlong one gives a key',
          tests: ['gives no identifier'],
        },
        { id: 'T42b', says: 'A name within the limits does', tests: ['a name within the limits does'] },
      ],
    },
    {
      number: 43,
      title: 'Quoted local parts, comments, encoded words, routes, several @',
      clauses: [
        {
          id: 'T43a',
          says: 'A local part is taken exactly if it is a dot-atom without a route or an encoded word',
          tests: ['takes a local part exactly if it is a dot-atom without a route or an encoded word'],
        },
        {
          id: 'T43b',
          says: 'The hostile corpus, of at least sixty, is refused',
          tests: ['the hostile corpus holds at least 60 different addresses', 'refuses "'],
        },
        {
          id: 'T43c',
          says: 'Generated addresses agree with a second writing of the grammar',
          tests: [
            '20,000 addresses of the grammar have the identifier that a second implementation of our grammar gives',
          ],
        },
      ],
    },
    {
      number: 44,
      title: 'White space, zero-width, bidi, control characters',
      clauses: [
        {
          id: 'T44a',
          says: 'Outer spaces of an address are taken off once, and said so',
          tests: ['takes spaces off the ends once, and says so'],
        },
        {
          id: 'T44b',
          says: 'Every code point of these categories is refused, in five positions',
          tests: [
            'are refused at the start and the end, before and after the @, and inside the domain',
            'is refused if it is a space, a control, private, unassigned or invisible',
            'a space, a control or an invisible character is refused at the ends too',
          ],
        },
        {
          id: 'T44c',
          says: 'A refusal never carries the text',
          tests: ['a refusal never carries the text that it refuses'],
        },
      ],
    },
    {
      number: 45,
      title: 'Plus tags and Gmail dots: the danger of joining too much',
      clauses: [
        { id: 'T45a', says: 'A key never folds a tag or a dot', tests: ['never folds a tag or a dot'] },
        {
          id: 'T45b',
          says: 'One mailbox gives a hint, and only where the provider says that dots and tags do not count',
          tests: [
            'three spellings of one Gmail mailbox are three identifiers and one hint',
            'there a dot tells two people apart',
            'gives no hint',
          ],
        },
      ],
    },
    {
      number: 46,
      title: 'Over-long input',
      clauses: [
        {
          id: 'T46a',
          says: 'The limits count octets, before any other work',
          tests: [
            '65 octets before the @ are too long',
            '255 octets in all are too long',
            'octets count, not characters',
            'a megabyte is refused before any of it is looked at',
            '128 characters are an identifier, 129 are too long',
          ],
        },
        {
          id: 'T46b',
          says: 'Stored keys have one length',
          tests: ['has one length, whatever it names, and shows nothing of it'],
        },
        {
          id: 'T46c',
          says: 'Nothing is cut',
          tests: [
            'a domain that grows past the limit as A-labels is refused, not cut',
            'takes subjects and names of any length and script',
          ],
        },
      ],
    },
    {
      number: 47,
      title: 'Local-part case',
      clauses: [
        {
          id: 'T47a',
          says: 'ASCII case is folded and nothing else',
          tests: ['folds ASCII case and nothing else of a local part'],
        },
        {
          id: 'T47b',
          says: 'A second spelling in a case-sensitive pool joins nobody, and the first keeps its spelling, under every policy',
          tests: ['a second spelling in a case-sensitive pool is the same identifier, and joins nobody'],
        },
        {
          id: 'T47c',
          says: 'Twins by case from before us are listed and not merged',
          open: 'no audit of existing pools is written yet; T167 meets second spellings',
        },
      ],
    },
    {
      number: 48,
      title: 'Two normalisers',
      clauses: [
        {
          id: 'T48a',
          says: 'Ten thousand spellings give what they gave',
          tests: ['give what they gave when this version of the normaliser was made'],
        },
        {
          id: 'T48b',
          says: 'The tables are pinned in the package',
          tests: ['is byte for byte what its generator writes', 'holds nothing younger than Unicode 16'],
        },
        {
          id: 'T48c',
          says: 'Each key says its version, and a new version runs beside the old one',
          open: 'there is one version; running two is not written yet',
        },
        {
          id: 'T48d',
          says: 'On every supported version of Node',
          open: 'only tried with the Node that runs the tests; CI runs the suite on others',
        },
      ],
    },
    {
      number: 49,
      title: 'Phone spelling',
      clauses: [
        {
          id: 'T49a',
          says: 'Only + and 8 to 15 ASCII digits are a key, and nothing is rewritten',
          tests: [
            'the corpus holds at least 40 spellings',
            'is an identifier without a change',
            'only the ten ASCII digits are digits',
          ],
        },
      ],
    },
    {
      number: 50,
      title: 'Empty and shared placeholders',
      clauses: [
        {
          id: 'T50a',
          says: 'An absent, empty or placeholder value gives no identifier',
          tests: [
            'is empty',
            'stands for none and gives no identifier',
            'a missing or endless number gives no identifier',
          ],
        },
        {
          id: 'T50b',
          says: 'People without an address share nothing',
          tests: [
            '1,000 people without an address share no identifier',
            'people without an address are people of their own',
          ],
        },
        { id: 'T50c', says: 'A project adds its own words', tests: ['a project adds its own words and addresses'] },
        {
          id: 'T50d',
          says: 'There is no default person',
          tests: ['of a user who is nobody yet is nobody’s: there is no default'],
        },
      ],
    },
  ],
}
