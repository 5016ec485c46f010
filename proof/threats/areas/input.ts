import type { Area } from '../clauses.ts'

export const INPUT: Area = {
  name: 'Injection and hostile input',
  threats: [
    {
      number: 51,
      title: 'ListUsers filter injection',
      clauses: [
        {
          id: 'T51a',
          says: 'Nothing that ships lists users or writes a filter',
          tests: ['nothing that ships lists users or writes a filter'],
        },
      ],
    },
    {
      number: 52,
      title: 'SQL injection',
      clauses: [
        { id: 'T52a', says: 'A schema name that is none is refused', tests: ['takes no schema named'] },
        {
          id: 'T52b',
          says: 'Hostile identifiers change no statement',
          open: 'values are bound as parameters by the drivers; no test compares the statements’ texts',
        },
      ],
    },
    {
      number: 53,
      title: 'Key-space injection in DynamoDB',
      clauses: [
        {
          id: 'T53a',
          says: 'Fields that join to the same text are told apart',
          tests: [
            'fields that join to the same text are still distinguished',
            'keeps identities apart whose names join to the same text',
          ],
        },
        {
          id: 'T53b',
          says: 'Ill-formed text is told apart as well',
          tests: [
            'tells even ill-formed subjects apart, which JSON can carry',
            'has a name of its own where only ill-formed text differs',
          ],
        },
        {
          id: 'T53c',
          says: 'Every other identity has another row',
          tests: ['is another one for every other identity'],
        },
      ],
    },
    {
      number: 54,
      title: 'Log injection',
      clauses: [
        {
          id: 'T54a',
          says: 'One line of JSON a run, whatever stands in the event',
          tests: [
            'is one line of JSON a run, of our own words, whatever code points stand in every field of the event',
          ],
        },
      ],
    },
    {
      number: 55,
      title: 'Prototype pollution',
      clauses: [
        {
          id: 'T55a',
          says: 'A parsed `__proto__` lends an event nothing',
          tests: ['a parsed __proto__ lends the event nothing'],
        },
        { id: 'T55b', says: 'Neither does one in a token’s text', as: 'T73b' },
        {
          id: 'T55c',
          says: 'Nor one in a policy file, also through `constructor.prototype`',
          tests: ['a policy file lends no setting by __proto__ or constructor'],
        },
      ],
    },
    {
      number: 56,
      title: 'Depth and size',
      clauses: [
        {
          id: 'T56a',
          says: 'What is not read may be as deep and large as it likes (T173 overrules the older limit on the whole event)',
          tests: ['is not interested in what it does not read, however deep or large that is'],
        },
        { id: 'T56b', says: 'A token is bounded before it is parsed', as: 'T73c' },
      ],
    },
    {
      number: 57,
      title: 'ReDoS',
      clauses: [
        {
          id: 'T57a',
          says: 'The work grows with the length and no faster',
          tests: ['grows with its length and no faster', 'is not spent on a label that is too long to be one'],
        },
        {
          id: 'T57b',
          says: 'Every regular expression is proven linear by a checker',
          open: 'no checker runs over the source',
        },
      ],
    },
    {
      number: 58,
      title: 'Formula injection in exports',
      clauses: [{ id: 'T58a', says: 'Cells that begin as formulas are quoted', open: 'no export is written yet' }],
    },
    {
      number: 59,
      title: 'Terminal escapes in CLI output',
      clauses: [
        {
          id: 'T59a',
          says: 'No control or bidi character of user text reaches a terminal',
          open: 'the commands that print users are not written yet',
        },
      ],
    },
  ],
}
