import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const TOKENS: Area = {
  name: 'Tokens',
  threats: [
    {
      number: 60,
      title: 'Decoding without verifying; wrong audience',
      clauses: [
        {
          id: 'T60a',
          says: 'Signed by somebody else, or changed after signing, is refused',
          tests: ['signed by somebody else is refused', 'whose content was changed after signing is refused'],
        },
        {
          id: 'T60b',
          says: 'Another client or pool is refused, in whatever order they are asked',
          tests: [
            'is not good for another client, pool or use, in whatever order they are asked',
            'of a client of one pool is not good in the other pool of the same verifier',
          ],
        },
        {
          id: 'T60c',
          says: 'Missing lists of pools or clients are refused at start',
          tests: [
            'no pools are refused at start',
            'no client, or no pool id, is refused at start',
            'app clients that are no list of names are refused at start',
          ],
        },
        {
          id: 'T60d',
          says: 'No export reads a token that is not verified',
          tests: ['no export reads a token that is not verified'],
        },
        {
          id: 'T60e',
          says: 'The token comes from the Authorization header alone, in every framework',
          tests: [
            'takes the token from no other header, and none from two of them',
            'a request that has no headers is nobody’s',
          ],
        },
        {
          id: 'T60f',
          says: 'Requests at once are each of their own person',
          tests: ['invocations at once are each of their own person'],
        },
        {
          id: 'T60g',
          says: 'Pairs that differ by case only',
          tests: ['of subjects that differ by case are of two persons'],
        },
      ],
    },
    {
      number: 61,
      title: '`alg: none`',
      clauses: [
        {
          id: 'T61a',
          says: 'Every other algorithm is refused, before a key is asked for',
          tests: [
            'that names the algorithm "none" is refused',
            'is refused for its algorithm before any key is asked for',
          ],
        },
      ],
    },
    {
      number: 62,
      title: 'RS256/HS256 confusion',
      clauses: [
        {
          id: 'T62a',
          says: 'The public key as a secret is refused',
          tests: ['signed with the public key as a secret is refused'],
        },
        {
          id: 'T62b',
          says: 'A key that is not for RS256, too short or unreadable is not used',
          tests: [
            'a key that is not for RS256 signatures is not used',
            'checked with a key that is too short is refused',
            'a key that cannot be read is not used',
          ],
        },
      ],
    },
    {
      number: 63,
      title: 'Key smuggling: `jwk`, `jku`, `x5u`, `x5c`, `kid`',
      clauses: [
        {
          id: 'T63a',
          says: 'A key in the header is not used, and nothing is fetched from it',
          tests: ['that brings its own key is refused, and fetches nothing from it'],
        },
        { id: 'T63b', says: 'Header extensions are refused', tests: ['with the header extension'] },
        {
          id: 'T63c',
          says: 'Key names have a bound',
          tests: ['whose key has a name longer than any is refused', 'a key may have a name of 256 characters'],
        },
      ],
    },
    {
      number: 64,
      title: 'Wrong issuer',
      clauses: [
        { id: 'T64a', says: 'Only the very text of an issuer is one', tests: ['is that of no other text'] },
        { id: 'T64b', says: 'A key of one issuer signs nothing in the name of another', as: 'T172c' },
      ],
    },
    {
      number: 65,
      title: '`token_use` swapped',
      clauses: [
        {
          id: 'T65a',
          says: 'The default is the access token, and an ID token does not open it',
          tests: ['an ID token does not open what needs an access token'],
        },
        {
          id: 'T65b',
          says: 'The ID token is taken where the route says so',
          tests: ['is taken where the route says so, by its audience'],
        },
        {
          id: 'T65c',
          says: 'Another use is refused at start',
          tests: ['another use than these two is refused at start'],
        },
      ],
    },
    {
      number: 66,
      title: 'Time',
      clauses: [
        {
          id: 'T66a',
          says: 'The end is the first second at which a token is not good',
          tests: ['its end is the first second at which it is not good'],
        },
        {
          id: 'T66b',
          says: 'A token from the future is refused beyond a minute',
          tests: ['it may have been given out a minute from now'],
        },
        {
          id: 'T66c',
          says: 'Times are whole seconds, and are there',
          tests: ['is in whole seconds, and is there', 'it is good from its first second on'],
        },
        {
          id: 'T66d',
          says: 'What is cached ends with the token',
          tests: [
            'is forgotten at its own end',
            'what was decided with the person’s status is decided again at the end of the token',
          ],
        },
      ],
    },
    {
      number: 67,
      title: 'Key rotation',
      clauses: [
        {
          id: 'T67a',
          says: 'Nobody is refused amid a rotation, and the keys are fetched once',
          tests: ['nobody is refused amid the requests, old token or new, and the keys are fetched once more'],
        },
        {
          id: 'T67b',
          says: 'A former key is good until its tokens have ended, after several rotations too, and no longer',
          tests: [
            'a token of the former key is good until it ends, even after several rotations',
            'a key that was withdrawn longer ago than a token lives is forgotten',
          ],
        },
        {
          id: 'T67c',
          says: 'The set is fetched again after 12 hours, in the background',
          tests: ['the set is fetched again after 12 hours, once, and nobody waits for it'],
        },
        { id: 'T67d', says: 'It has a bound', tests: ['the keys of a pool that never stops rotating have a bound'] },
      ],
    },
    {
      number: 68,
      title: 'Fetch storm through unknown `kid`',
      clauses: [
        {
          id: 'T68a',
          says: 'One fetch for any number of first requests',
          tests: ['are fetched once for any number of first requests'],
        },
        {
          id: 'T68b',
          says: 'Keys that do not exist are not asked for again and again',
          tests: ['are not fetched again and again for keys that do not exist'],
        },
      ],
    },
    {
      number: 69,
      title: 'JWKS endpoint slow, down, hostile or huge',
      clauses: [
        {
          id: 'T69a',
          says: 'A bad answer never replaces a good set',
          tests: ['the keys at hand stay good, and a new one is not judged'],
        },
        {
          id: 'T69b',
          says: 'Without keys the caller is told to come again',
          tests: ['at the first request of all: told to come again', 'out of reach are no fault of the token'],
        },
        {
          id: 'T69c',
          says: 'Size, encoding and time have bounds',
          tests: [
            'a key set of 65536 bytes',
            'a key set that is not UTF-8 is none',
            'keys are waited for 1.5 seconds and no longer',
            'an endpoint that hangs up is out of reach',
          ],
        },
        {
          id: 'T69d',
          says: 'The operator is told why, and nothing of the token',
          tests: ['the operator is told why the keys could not be fetched'],
        },
        {
          id: 'T69e',
          says: 'An outage of hours storms nobody',
          tests: ['12 hours later: the old keys serve on, and the endpoint is not stormed'],
        },
      ],
    },
    {
      number: 70,
      title: 'Spoofing the canonical-id claim',
      clauses: [
        {
          id: 'T70a',
          says: 'The claim’s name is one that no attribute can have',
          tests: ['is none that a user or a provider could fill', 'a claim without a name is refused at start'],
        },
        {
          id: 'T70b',
          says: 'Our trigger overwrites what stands there',
          tests: ['never carries what somebody else put under the claim'],
        },
        {
          id: 'T70c',
          says: 'Without the trigger the look-up is by issuer and sub',
          tests: ['is looked up by issuer and sub where the trigger is gone'],
        },
        {
          id: 'T70d',
          says: 'The claim is believed only if the registry agrees',
          open: 'by default the claim alone is believed within a token’s life, which the documentation says',
        },
      ],
    },
    {
      number: 71,
      title: 'Group and role escalation by merge or mapping',
      clauses: [
        {
          id: 'T71a',
          says: 'Claims cannot be changed by one request for the next',
          tests: ['gives out claims that one request cannot change for the next'],
        },
        {
          id: 'T71b',
          says: 'The trigger passes groups on as another handler has set them, and adds none',
          tests: ['pass groups on as another handler has set them, and add none'],
        },
        { id: 'T71c', says: 'A merge unites no groups', open: NOT_YET.merge },
      ],
    },
    {
      number: 72,
      title: 'Users disabled, deleted, merged away or erased',
      clauses: [
        {
          id: 'T72a',
          says: 'An erased person’s token is nobody’s within a minute',
          tests: [
            'an erased person’s token is nobody’s within a minute',
            'is checked again after a minute, whatever its own end',
          ],
        },
        { id: 'T72b', says: 'A merged one’s is the survivor’s', as: 'T77a' },
        {
          id: 'T72c',
          says: 'A disabled or deleted user’s token is refused within a minute',
          open: 'the registry hears of neither: Cognito runs no trigger',
        },
      ],
    },
    {
      number: 73,
      title: 'Token as text: malleability, duplicate members, size',
      clauses: [
        {
          id: 'T73a',
          says: 'A token has one spelling',
          tests: [
            'has one spelling: any character put in or changed to a twin is refused',
            'has one spelling in each of its parts',
          ],
        },
        {
          id: 'T73b',
          says: 'A member named twice is refused, signed or not',
          tests: [
            'that names a member twice is refused, well signed or not',
            'is any to which a member is added under a name that is there, however it is escaped',
          ],
        },
        {
          id: 'T73c',
          says: 'Sizes have a bound',
          tests: ['a token may have 16,384 characters', 'that is nested as deep as its length allows does no harm'],
        },
        {
          id: 'T73d',
          says: 'The cache knows a token by the whole of it',
          tests: ['is known by the whole of it, not by its end'],
        },
      ],
    },
    {
      number: 74,
      title: 'Authorizer cache',
      clauses: [
        {
          id: 'T74a',
          says: 'A policy covers the whole stage, since it is cached for other routes',
          tests: ['allows the whole stage, since the policy is cached and used for other routes'],
        },
        {
          id: 'T74b',
          says: 'An event that names no method opens nothing',
          tests: ['allows nothing where the event names no method'],
        },
        {
          id: 'T74c',
          says: 'Two users and two routes, with the gateway’s cache on; the time to live',
          open: 'no API Gateway is played',
        },
      ],
    },
    {
      number: 75,
      title: 'Trusted headers',
      clauses: [
        {
          id: 'T75a',
          says: 'A route that is not behind the middleware serves nobody, whatever stands on its request',
          tests: ['an Express route that is not behind the middleware serves nobody'],
        },
        { id: 'T75b', says: 'The token comes from the Authorization header alone', as: 'T60e' },
        { id: 'T75c', says: 'ALB’s own tokens need their signer', open: 'they are not taken at all' },
      ],
    },
    {
      number: 76,
      title: 'Email as primary key; fallback ids',
      clauses: [
        {
          id: 'T76a',
          says: 'The look-up is by issuer and sub, never by an address',
          tests: ['without the claim is looked up by issuer and sub, never by the address in it'],
        },
        {
          id: 'T76b',
          says: 'A claim that is no person id is not taken for one',
          tests: ['with a claim that is no person id is looked up too'],
        },
      ],
    },
    {
      number: 77,
      title: 'Stale uid after merge or undo',
      clauses: [
        {
          id: 'T77a',
          says: 'A token of the loser is the survivor’s within a minute, through eight merges and no circle',
          tests: [
            'a token of a merged person belongs to the survivor',
            'within a minute of the merge each request of the merged person belongs to the survivor',
            'belongs to the survivor after any number of merges in a row',
            'a circle of merges is nobody, and ends',
          ],
        },
        { id: 'T77b', says: 'Writes while persons are merged', open: NOT_YET.merge },
        {
          id: 'T77c',
          says: 'A merge removes no user that has a password, or that alone shows a proven address',
          tests: [
            'an address that a code has proven joins (after a merge:',
            'a user that we made is not deleted by a merge once it has a password (',
          ],
        },
      ],
    },
  ],
}
