import type { Area } from '../clauses.ts'
import { ELSEWHERE, NOT_YET } from '../reasons.ts'

export const EMULATOR: Area = {
  name: 'Emulator, review UI, browser helpers',
  threats: [
    {
      number: 132,
      title: 'Listening on a public interface',
      clauses: [
        {
          id: 'T132a',
          says: 'Another address of the machine cannot reach it',
          tests: [
            'cannot be reached by another address of this machine',
            'takes no other host than a loopback name',
            'checks the Host header there as well, with the port of that listener',
          ],
        },
        {
          id: 'T132b',
          says: 'It refuses to start in production',
          tests: ['refuses production with a clear text', 'refuses to start when'],
        },
      ],
    },
    {
      number: 133,
      title: 'DNS rebinding and cross-origin calls',
      clauses: [
        {
          id: 'T133a',
          says: 'A foreign host or origin is refused before anything is looked at',
          tests: ['the Host evil.test is refused before anything is looked at', 'the Origin'],
        },
        {
          id: 'T133b',
          says: 'A post that browsers send without asking changes nothing',
          tests: [
            'a text/plain post, which browsers send without asking, changes nothing',
            'is not moved by a form post',
          ],
        },
        { id: 'T133c', says: 'A real page from another port', open: ELSEWHERE.browser },
      ],
    },
    {
      number: 134,
      title: 'CSRF on the review UI',
      clauses: [{ id: 'T134a', says: 'A foreign page approves nothing', open: NOT_YET.merge }],
    },
    {
      number: 135,
      title: 'XSS through user attributes',
      clauses: [
        {
          id: 'T135a',
          says: 'What users write is shown as text, under a policy that runs no script',
          tests: ['show what somebody signed up with as text only, under a policy that runs no script'],
        },
        {
          id: 'T135b',
          says: 'The corpus in a real browser',
          open: 'one hostile value is tried, and no browser runs the page',
        },
      ],
    },
    {
      number: 136,
      title: 'Emulator tokens accepted in production',
      clauses: [
        {
          id: 'T136a',
          says: 'A verifier for AWS refuses them, and so do the keys of another start',
          tests: [
            'are refused by a verifier made for the pool at AWS, and by the keys of another start',
            'a verifier for AWS refuses an emulator’s token',
          ],
        },
        {
          id: 'T136b',
          says: 'The option that trusts an emulator refuses production and other hosts',
          tests: [
            'an emulator is not trusted in production',
            'is at no emulator in production',
            'nothing but a loopback address is an emulator',
          ],
        },
        {
          id: 'T136c',
          says: 'A snapshot carries no signing key',
          tests: ['carries no signing key, so another emulator signs with its own'],
        },
      ],
    },
    {
      number: 137,
      title: 'Emulator kinder than Cognito',
      clauses: [
        {
          id: 'T137a',
          says: 'Unknown operations and settings are refused',
          tests: [
            'says of an unknown operation that it is not emulated',
            'refuse a first factor that is not played instead of ignoring it',
            'refuse a trigger that is not run instead of ignoring it',
          ],
        },
        {
          id: 'T137b',
          says: 'Each behaviour has a source and a test',
          open: 'run by `npm run proof -- behaviour`, not by a test of this run',
        },
      ],
    },
    {
      number: 138,
      title: 'Files',
      clauses: [
        {
          id: 'T138a',
          says: 'A link is refused or not followed, however it came',
          tests: [
            'that is a symbolic link is refused',
            'whose file is a symbolic link is refused, and its target stays',
            'whose file becomes a symbolic link while running is not written through',
          ],
        },
        {
          id: 'T138b',
          says: 'Files are their owner’s only, and no path is made of names',
          tests: [
            'is for its owner only, whatever the umask',
            'makes no path of what pools and users are called',
            'that others can write is refused',
          ],
        },
      ],
    },
    {
      number: 139,
      title: 'Browser helpers',
      clauses: [
        {
          id: 'T139a',
          says: 'A return target stays on this origin',
          tests: ['whatever is put in, a browser stays on this origin', 'leads home'],
        },
        {
          id: 'T139b',
          says: 'Only registered redirect addresses are used',
          tests: ['and the error names what to register'],
        },
        {
          id: 'T139c',
          says: 'Nothing that a stranger wrote into the URL is said',
          tests: ['says nothing that a stranger wrote into the URL'],
        },
        {
          id: 'T139d',
          says: 'No code or token in address, history or storage; nothing of the former user after signing out',
          open: ELSEWHERE.browser,
        },
      ],
    },
  ],
}
