import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const MERGES: Area = {
  name: 'Merge, undo, privacy',
  threats: [
    {
      number: 115,
      title: 'Interrupted merge',
      clauses: [
        { id: 'T115a', says: 'Each step is journalled and can be gone on with or taken back', open: NOT_YET.merge },
      ],
    },
    {
      number: 116,
      title: 'Privileged with ordinary',
      clauses: [{ id: 'T116a', says: 'Rights are never united', open: NOT_YET.merge }],
    },
    {
      number: 117,
      title: 'Overlapping merges',
      clauses: [
        { id: 'T117a', says: 'Members are locked in one order, and tombstones make no circle', open: NOT_YET.merge },
      ],
    },
    {
      number: 118,
      title: 'Sign-in during a merge',
      clauses: [{ id: 'T118a', says: 'A sign-in ends at the survivor or is told to come again', open: NOT_YET.merge }],
    },
    {
      number: 119,
      title: 'MFA and passkeys differ',
      clauses: [
        {
          id: 'T119a',
          says: 'The weaker sign-in method gets no token without the stronger factor',
          open: NOT_YET.merge,
        },
      ],
    },
    {
      number: 120,
      title: 'Wrong merge',
      clauses: [
        { id: 'T120a', says: 'Undo gives back what each had, and what each has done since', open: NOT_YET.merge },
      ],
    },
    {
      number: 121,
      title: 'Undo after more merges',
      clauses: [{ id: 'T121a', says: 'The last is undone first', open: NOT_YET.merge }],
    },
    {
      number: 122,
      title: 'Data re-key half done',
      clauses: [
        {
          id: 'T122a',
          says: 'An application’s tables are moved in batches that can be resumed and taken back',
          open: NOT_YET.merge,
        },
      ],
    },
    {
      number: 123,
      title: 'Stale plan',
      clauses: [{ id: 'T123a', says: 'A plan whose members have changed is refused', open: NOT_YET.merge }],
    },
    {
      number: 124,
      title: 'Chains that join too much',
      clauses: [{ id: 'T124a', says: 'Only proven addresses and identical identities join', open: NOT_YET.merge }],
    },
    {
      number: 125,
      title: "Cognito's limits on what can be linked",
      clauses: [
        { id: 'T125a', says: 'What cannot be linked is refused in planning', open: NOT_YET.merge },
        { id: 'T125b', says: 'A sixth link is no lock-out', as: 'T174a' },
      ],
    },
    {
      number: 126,
      title: 'New `sub` after re-creation',
      clauses: [{ id: 'T126a', says: 'Old and new `sub` are one person’s', open: NOT_YET.merge }],
    },
    {
      number: 127,
      title: 'Replayed commands',
      clauses: [{ id: 'T127a', says: 'A plan is applied once', open: NOT_YET.merge }],
    },
    {
      number: 128,
      title: 'Erasure across linked identities',
      clauses: [
        { id: 'T128a', says: 'Nothing of the person is left in any store, log or event', open: NOT_YET.erasure },
        { id: 'T128b', says: 'An erased person’s token is nobody’s', as: 'T72a' },
      ],
    },
    {
      number: 129,
      title: 'Audit trail altered',
      clauses: [
        {
          id: 'T129a',
          says: 'Every change, removal and reordering is detected',
          open: 'no chained audit trail is written yet',
        },
      ],
    },
    {
      number: 130,
      title: 'Personal data and secrets in logs, reports, events',
      clauses: [
        {
          id: 'T130a',
          says: 'Logs and thrown errors of the triggers hold nothing of the event, nor of the store’s words',
          tests: ['holds nothing of the event, nor of the store’s words; neither does what it throws'],
        },
        {
          id: 'T130b',
          says: 'The account page and the verifier say nothing of a token that they refuse',
          tests: ['the account page and the verifier say nothing of the token that they refuse'],
        },
        {
          id: 'T130c',
          says: 'Nothing that ships reads what holds secrets',
          tests: ['nothing that ships reads what holds secrets: clients, providers'],
        },
        {
          id: 'T130d',
          says: 'Secrets print redacted through every way of printing',
          open: 'there are no such types: nothing that holds a secret is printed; no test tries each way',
        },
      ],
    },
    {
      number: 131,
      title: 'Operator abuse',
      clauses: [{ id: 'T131a', says: 'Who proposes does not approve', open: NOT_YET.merge }],
    },
  ],
}
