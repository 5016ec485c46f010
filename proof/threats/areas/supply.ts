import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const SUPPLY: Area = {
  name: 'Supply chain and permissions',
  threats: [
    {
      number: 140,
      title: 'A dependency turns hostile',
      clauses: [
        {
          id: 'T140a',
          says: 'No runtime dependency beyond those that are named',
          tests: ['rooms import nothing from outside that is not listed here'],
        },
        { id: 'T140b', says: 'Installation runs no script of a package', open: NOT_YET.release },
      ],
    },
    {
      number: 141,
      title: 'Our own release is faked',
      clauses: [
        { id: 'T141a', says: 'Two builds give the same package, of a known list of files', open: NOT_YET.release },
      ],
    },
    {
      number: 142,
      title: 'Lockfile and name tricks',
      clauses: [{ id: 'T142a', says: 'A changed lockfile fails the gate', open: NOT_YET.release }],
    },
    {
      number: 143,
      title: 'Rights too wide',
      clauses: [
        { id: 'T143a', says: 'Each function has the rights that it needs and no more', open: NOT_YET.deployment },
      ],
    },
    {
      number: 144,
      title: 'Settings drift',
      clauses: [{ id: 'T144a', says: 'A pool whose settings have changed is found', open: NOT_YET.doctor }],
    },
  ],
}
