import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const ENUMERATION: Area = {
  name: 'Enumeration, squatting, flooding',
  threats: [
    {
      number: 78,
      title: 'Messages that tell who is registered',
      clauses: [
        {
          id: 'T78a',
          says: 'Registered, begun or free is answered the same, to the byte, at each call after it, where policy is enumeration-safe',
          tests: [
            'gets the same answer, to the byte, whether the address is registered, reserved or free',
            'is accepted without an answer about the address where policy is enumeration-safe',
          ],
        },
        {
          id: 'T78b',
          says: 'No error shows a stranger what is meant for the log',
          tests: ['does not show a stranger what is meant for the log'],
        },
        {
          id: 'T78c',
          says: 'In every pool kind that can be enumeration-safe',
          open: 'only tried with an alias pool; pools with addresses as user names cannot be enumeration-safe',
        },
        { id: 'T78d', says: 'The owner of the address is told', open: 'no mail of ours goes out' },
      ],
    },
    {
      number: 79,
      title: 'Time tells who is registered',
      clauses: [
        {
          id: 'T79a',
          says: 'The same calls to the ports, in the same order',
          tests: [
            'costs the same calls to the ports, in the same order, over HTTP',
            'a sign-up asks the store for the same, and Cognito for nothing',
            'the write in vain leaves nothing behind',
          ],
        },
        {
          id: 'T79b',
          says: 'Times are compared by one equivalence test with a stated margin, which load does not decide',
          tests: [
            'finds two equal pools equal, and a delay of 5 % different, on a quiet machine',
            'does not let a busy machine decide',
          ],
        },
        {
          id: 'T79c',
          says: 'The sign-ups themselves, two thousand of each',
          open: 'measured by `npm run proof -- enumeration`, not by a test',
        },
      ],
    },
    {
      number: 80,
      title: 'Settings that leak',
      clauses: [
        { id: 'T80a', says: 'Every client hides whether a user exists', open: NOT_YET.doctor },
        {
          id: 'T80b',
          says: 'Custom authentication runs the same steps for unknown users',
          open: 'no helper for it is written yet',
        },
      ],
    },
    {
      number: 81,
      title: "Squatting on other people's addresses",
      clauses: [
        {
          id: 'T81a',
          says: 'A squatter who never proves the address loses it, and gets no part in its owner',
          tests: ['a squatter who never proves the address loses it to whoever does'],
        },
        { id: 'T81b', says: 'It blocks no other sign-up beyond a window', as: 'T160a' },
        { id: 'T81c', says: 'It holds no row for ever', as: 'T165a' },
      ],
    },
    {
      number: 82,
      title: 'Flooding: cost, mail bombs, quota',
      clauses: [
        { id: 'T82a', says: 'Attempts are limited by network, mailbox and domain', open: NOT_YET.limits },
        {
          id: 'T82b',
          says: 'One store transaction an attempt',
          tests: ['a sign-up: one round trip and one write unit; its refusal reads nothing'],
        },
      ],
    },
    {
      number: 83,
      title: 'Other operations as oracles',
      clauses: [
        {
          id: 'T83a',
          says: 'No call of the account page takes an address without a verified token',
          tests: [
            'no call of the account page takes an address, and without a token that verifies none of them asks the store',
          ],
        },
        { id: 'T83b', says: 'Resuming a sign-up tells nobody who is registered', as: 'T179a' },
      ],
    },
    {
      number: 84,
      title: 'Guessing codes, prompting fatigue',
      clauses: [{ id: 'T84a', says: 'Proofs and tries have a limit a day', open: NOT_YET.limits }],
    },
  ],
}
