import type { Area } from '../clauses.ts'
import { ELSEWHERE, NOT_YET } from '../reasons.ts'

export const TRIGGERS: Area = {
  name: 'Triggers and stores',
  threats: [
    {
      number: 85,
      title: 'Check then act',
      clauses: [
        {
          id: 'T85a',
          says: 'One conditional write decides: of simultaneous sign-ups of one key exactly one has it, in every store',
          tests: [
            'gives each identifier to exactly one of 64 simultaneous sign-ups, 200 times over',
            'gives an identifier to exactly one of 64 simultaneous sign-ups',
            'gives each identifier to exactly one of 32 simultaneous sign-ups, 20 times over',
            'lets one of four processes have each address',
          ],
        },
        { id: 'T85b', says: 'Over HTTP as well', tests: ['simultaneous sign-ups exactly one gets in'] },
        {
          id: 'T85c',
          says: 'The refusal brings the winner',
          tests: ['refuses a second reservation of an identifier, and the refusal contains the first one'],
        },
        {
          id: 'T85d',
          says: 'A change of several keys gives all to one person',
          tests: ['gives all its identifiers to one person, whoever had reserved them'],
        },
        {
          id: 'T85e',
          says: 'The checker of histories would see two winners',
          tests: ['shows two winners of one revision'],
        },
      ],
    },
    {
      number: 86,
      title: 'Five-second limit, three tries',
      clauses: [
        {
          id: 'T86a',
          says: 'The same event, run three times, is one claim and one event',
          tests: [
            'the same sign-up, run three times, is one claim and one event',
            'told twice, it creates one person',
            'has the same operation id on each run of the same event',
            'is not extended by a repeated run of the same sign-up',
          ],
        },
        {
          id: 'T86b',
          says: 'Nothing is begun once the time is spent, and an answer goes out while a call hangs',
          tests: [
            'stops before the next effect once its time is spent',
            'answers while a call hangs, and leaves Lambda half a second',
          ],
        },
        {
          id: 'T86c',
          says: 'Late, lost and repeated answers, at every call',
          tests: ['nothing is violated in a thousand simulated runs'],
        },
      ],
    },
    {
      number: 87,
      title: 'Zombie invocation',
      clauses: [
        {
          id: 'T87a',
          says: 'A call that lands after its caller’s death breaks nothing',
          tests: ['nothing is violated in a thousand simulated runs'],
        },
      ],
    },
    {
      number: 88,
      title: 'Crash between any two steps',
      clauses: [
        {
          id: 'T88a',
          says: 'A crash after any effect leaves what the next run finishes',
          tests: [
            'nothing is violated in a thousand simulated runs',
            'links again when Cognito asks again, since the first link may not have landed',
            'finishes what an earlier run began',
            'links nothing to a profile that Cognito never came to make',
          ],
        },
        {
          id: 'T88b',
          says: 'Every schedule of two and three flows',
          open: 'played by `npm run proof -- search`, not by a test of this run',
        },
      ],
    },
    {
      number: 89,
      title: 'Reminting after expiry',
      clauses: [
        {
          id: 'T89a',
          says: 'An expired claim is taken over with the person that it was minted with',
          tests: ['lets an expired reservation pass to another user with its person'],
        },
        {
          id: 'T89b',
          says: 'The two wrong ways of ending a lease are found',
          open: 'played by `npm run proof -- search` (test/proof/search.test.ts), not by a test of this run',
        },
      ],
    },
    {
      number: 90,
      title: 'Duplicate events',
      clauses: [
        {
          id: 'T90a',
          says: 'Told one to five times, in any order, they come to what one ordered telling comes to',
          tests: ['delivered one to five times each, in any order, they give the result of one ordered delivery'],
        },
        {
          id: 'T90b',
          says: 'Each has a name of its own',
          tests: ['each has a name of its own, of the person, the version and the type'],
        },
        { id: 'T90c', says: 'A helper for consumers that drops repeats', open: NOT_YET.relay },
      ],
    },
    {
      number: 91,
      title: 'Events out of order',
      clauses: [
        {
          id: 'T91a',
          says: 'Every order comes to the same',
          tests: ['every order of six of them gives the same result'],
        },
        {
          id: 'T91b',
          says: 'A gap holds back its own person’s events, and nobody else’s',
          tests: ['one that is missing holds back those after it of its person'],
        },
      ],
    },
    {
      number: 92,
      title: 'Write with unknown outcome',
      clauses: [
        {
          id: 'T92a',
          says: 'The next run finds its own work, in every store',
          tests: [
            'answers a repeated commit with its earlier success and the person of that time',
            'finds its own work when the answer to a write is lost',
            'finds its own work when the answer to a commit is lost',
            'finds its own work when it asks a second time',
          ],
        },
        {
          id: 'T92b',
          says: 'Simultaneous runs of one sign-up have one person',
          tests: ['answers 16 simultaneous runs of one sign-up with one person'],
        },
        {
          id: 'T92c',
          says: 'A row that has been written since is nobody’s own success',
          tests: ['the memory takes no row for its own success that has been written again since'],
        },
        { id: 'T92d', says: 'Any answer may be lost', tests: ['nothing is violated in a thousand simulated runs'] },
      ],
    },
    {
      number: 93,
      title: 'Idempotency-token limits',
      clauses: [
        {
          id: 'T93a',
          says: 'An earlier success is known by its rows, however late, and by no token of DynamoDB’s',
          tests: ['is recognised as our own earlier success by its rows, however late'],
        },
      ],
    },
    {
      number: 94,
      title: 'Throttling and transaction conflicts',
      clauses: [
        {
          id: 'T94a',
          says: 'The reasons of a refusal are told apart: final, or to be tried again with a random wait',
          tests: [
            'waits for a random time that doubles, and never after the last try',
            'reads again what a batch left out',
          ],
        },
        {
          id: 'T94b',
          says: 'Nothing of AWS’s words reaches the caller',
          tests: ["keeps AWS's own words, which name the account and the table, out of the message"],
        },
        {
          id: 'T94c',
          says: 'Contested claims stay right',
          tests: ['keeps 50 contested ownerships right under 16 writers at once'],
        },
      ],
    },
    {
      number: 95,
      title: 'Stale reads',
      clauses: [
        { id: 'T95a', says: 'Only consistent reads are asked for', tests: ['asks for consistent reads only'] },
        {
          id: 'T95b',
          says: 'The checker of histories would see a read that goes back',
          tests: [
            'shows a read that goes back behind an acknowledged commit',
            'shows a read that goes back behind another read',
          ],
        },
        {
          id: 'T95c',
          says: 'A stale value does not compile in a decision',
          open: 'there is no type for stale values: nothing reads any',
        },
      ],
    },
    {
      number: 96,
      title: 'TTL as a lock',
      clauses: [
        {
          id: 'T96a',
          says: 'The end of a lease is a condition; deletion comes days later',
          tests: ['leaves reservations that DynamoDB deletes days after their lease'],
        },
      ],
    },
    {
      number: 97,
      title: 'Clock skew',
      clauses: [
        {
          id: 'T97a',
          says: 'Clocks that differ and jump break nothing',
          tests: ['nothing is violated in a thousand simulated runs'],
        },
      ],
    },
    {
      number: 98,
      title: 'PostgreSQL: invisible conflicts, deadlocks, serialization',
      clauses: [
        {
          id: 'T98a',
          says: 'Rows are taken in one order',
          tests: ['takes rows in one order, whatever the order in a change'],
        },
        {
          id: 'T98b',
          says: '40001 and 40P01 are tried again twice',
          tests: ['tries again twice when PostgreSQL reports 40001', 'tries again twice when PostgreSQL reports 40P01'],
        },
        {
          id: 'T98c',
          says: '32 connections over 50 keys: no duplicate, no deadlock',
          tests: ['keeps 50 contested ownerships right under 32 connections'],
        },
      ],
    },
    {
      number: 99,
      title: 'PostgreSQL failover and replicas',
      clauses: [
        {
          id: 'T99a',
          says: 'A reader endpoint writes nothing and makes nobody of anybody',
          tests: ['to a reader: asks the user to try again, writes nothing'],
        },
        {
          id: 'T99b',
          says: 'A connection that breaks at the commit is decided once',
          tests: ['that breaks while a commit waits'],
        },
        {
          id: 'T99c',
          says: 'The checker of histories would see a lost claim',
          tests: [
            'shows an ownership that was acknowledged, and lost',
            'shows an ownership that was acknowledged, and does not exist',
          ],
        },
        {
          id: 'T99d',
          says: 'A server that is killed at random',
          open: 'played by `npm run verify:kills`, not by a test',
        },
        {
          id: 'T99e',
          says: 'Commits lost by a promotion close the sign-up',
          open: `no primary user is compared yet; ${NOT_YET.doctor}`,
        },
      ],
    },
    {
      number: 100,
      title: 'Connection exhaustion',
      clauses: [
        {
          id: 'T100a',
          says: 'Too few connections cost a try, and never more than the function’s time',
          tests: ['cost the user one try: the answer comes within the function’s time'],
        },
        { id: 'T100b', says: 'And decide nothing wrongly', tests: ['decide nothing wrongly: of 200 sign-ups'] },
        {
          id: 'T100c',
          says: 'Tokens are given out from the last known mapping while the store is out',
          open: 'T112: the token is given out without the claim',
        },
      ],
    },
    {
      number: 101,
      title: 'Cognito throttling and concurrent modification',
      clauses: [
        {
          id: 'T101a',
          says: 'A fault on the way is tried again only where nothing was carried out',
          tests: [
            'asks once, and gives up, where an answer never comes',
            'asks once where a new connection breaks after the call was sent',
            'asks again where TLS never came about',
            'is told after the second time',
          ],
        },
        {
          id: 'T101b',
          says: 'A throttled answer is no answer',
          tests: [
            'takes a throttled answer for no answer',
            'lets what may pass be an error, since nothing is known then: ',
            'lets an error be an error under its own name',
          ],
        },
        { id: 'T101c', says: 'Bulk work has one limit', open: NOT_YET.merge },
      ],
    },
    {
      number: 102,
      title: 'Partial `PutEvents`',
      clauses: [{ id: 'T102a', says: 'Only failed entries are sent again, in order', open: NOT_YET.relay }],
    },
    {
      number: 103,
      title: 'Dual write',
      clauses: [
        {
          id: 'T103a',
          says: 'State and event are one transaction: the stream tells what was written, no more and no less',
          tests: [
            'its stream has the events that were written, no more and no less',
            'misses no event whose change was committed late',
            'misses no late commit when it reads many events in small pages',
          ],
        },
        {
          id: 'T103b',
          says: 'The checker of histories would see either without the other',
          tests: [
            'shows a change without its event',
            'shows an event without its change',
            'shows an event that was delivered twice',
            'shows events out of order',
          ],
        },
        {
          id: 'T103c',
          says: 'No trigger publishes anything',
          open: `no test reads the functions’ call graph for it; ${NOT_YET.relay}`,
        },
      ],
    },
    {
      number: 104,
      title: 'Post-confirmation that never comes',
      clauses: [
        {
          id: 'T104a',
          says: 'Users made by an administrator, or from before us, are somebody from their first token on',
          tests: [
            'a user whom an administrator made has a person from the first token on',
            'registers a user from before onesub, once, however many tokens that user gets',
            'adopts a user whom an administrator made; the flag that came along proves nothing',
          ],
        },
        { id: 'T104b', says: 'One whom no trigger ever met is settled by a sweeper', open: NOT_YET.sweeper },
      ],
    },
    {
      number: 105,
      title: 'Post-confirmation that means something else',
      clauses: [
        {
          id: 'T105a',
          says: 'A reset creates nobody, ends older tokens, and is told once',
          tests: ['a password reset creates nobody, ends older tokens, and is told once'],
        },
      ],
    },
    {
      number: 106,
      title: 'First sign-in after linking fails',
      clauses: [
        {
          id: 'T106a',
          says: 'The provider is asked again once, in the flow that linked',
          tests: [
            'is asked again once; after a success, a later flow has its own try',
            'waits for a click where it is Apple',
          ],
        },
        {
          id: 'T106b',
          says: 'An answer that nothing asked for begins nothing',
          tests: ['an answer that nothing asked for is left to Amplify'],
        },
        { id: 'T106c', says: 'In a real browser, with the error once and for ever', open: ELSEWHERE.browser },
      ],
    },
    {
      number: 107,
      title: 'Orphans on both sides',
      clauses: [
        {
          id: 'T107a',
          says: 'A user made while no trigger was there is somebody at the first sign-in',
          tests: ['of Cognito’s, made while no trigger was attached, gets a person at the first sign-in'],
        },
        {
          id: 'T107b',
          says: 'A registry row whose sign-up Cognito refused blocks nobody for longer than a minute',
          tests: ['of the registry’s, whose sign-up Cognito refused after we had been asked'],
        },
        { id: 'T107c', says: 'All orphans are found and counted in one pass', open: NOT_YET.sweeper },
      ],
    },
    {
      number: 108,
      title: 'Deleted user, stale claim, reused name',
      clauses: [
        {
          id: 'T108a',
          says: 'Whoever takes the name of a deleted user inherits nothing',
          tests: [
            'leaves nothing to a user who takes the user name',
            'a deleted user’s provider is not linked to a user who has the name now',
            'says that the user is gone, and links nothing to whoever has the name now',
          ],
        },
        {
          id: 'T108b',
          says: 'Nor the address, without proof, under the policies link and enumeration-safe',
          tests: [
            'leaves the address to nobody who takes the user name with it and proves nothing',
            'leaves an address for which an administrator vouched to nobody who only takes the user name',
          ],
        },
        {
          id: 'T108c',
          says: 'Whoever comes back with proof is let in, as somebody new',
          tests: ['whoever comes by a provider with that address is let in, as somebody new'],
        },
        {
          id: 'T108d',
          says: 'Tokens of the deleted user are refused',
          open: 'a token stays good until its end: Cognito runs no trigger at a deletion',
        },
      ],
    },
    {
      number: 109,
      title: 'Region failover and global tables',
      clauses: [
        {
          id: 'T109a',
          says: 'One home Region takes claims, and fencing comes before failover',
          open: `no second Region is supported for writing yet; ${NOT_YET.doctor}`,
        },
      ],
    },
    {
      number: 110,
      title: 'Store restored to an earlier time',
      clauses: [
        { id: 'T110a', says: 'A restored registry starts closed until it agrees with Cognito', open: NOT_YET.doctor },
      ],
    },
    {
      number: 111,
      title: 'Poison event, dead letters',
      clauses: [{ id: 'T111a', says: 'One bad record parks its own person’s events alone', open: NOT_YET.relay }],
    },
    {
      number: 112,
      title: 'Open or closed on doubt',
      clauses: [
        {
          id: 'T112a',
          says: 'Each port down in each flow has a stated end',
          tests: ['while registry throws', 'while registry hangs', 'while Cognito throttles', 'while Cognito hangs'],
        },
        {
          id: 'T112b',
          says: 'Creation and linking fail closed and say to come again',
          tests: ['refuses, to be tried again, when the store fails, and tells nobody its words'],
        },
        {
          id: 'T112c',
          says: 'Who is settled signs in, without the claim',
          tests: ['is given out without the claim while the store is down'],
        },
        {
          id: 'T112d',
          says: 'Missing settings are refused at start',
          tests: ['is refused at start, not at first use', 'a pepper that is none is refused at start'],
        },
        {
          id: 'T112e',
          says: 'The verifier says to come again',
          tests: [
            'that fails is to be tried again, and shows nothing of the store',
            'that could not be judged for whatever reason is told to come again',
          ],
        },
      ],
    },
    {
      number: 113,
      title: 'Cold start eats the budget',
      clauses: [
        {
          id: 'T113a',
          says: 'An import calls nobody and loads no SDK',
          tests: ['makes no call, loads no AWS SDK and no undici, and leaves nothing open'],
        },
        {
          id: 'T113b',
          says: 'Bundles have a size',
          tests: ['is no larger than', 'no trigger imports node:http, which as an ES module loads undici'],
        },
        {
          id: 'T113c',
          says: 'Milliseconds of a cold start',
          open: 'measured by `npm run bench -- bundle`: they depend on the machine',
        },
      ],
    },
    {
      number: 114,
      title: 'Cognito accepts what we refused, and refuses what we accepted',
      clauses: [
        {
          id: 'T114a',
          says: 'A sign-up that Cognito refused after our answer keeps nobody out for longer than the window',
          tests: [
            'a sign-up that Cognito refused after our answer keeps nobody out for longer than the window',
            'nor for longer where another identifier of the user is free',
          ],
        },
        { id: 'T114b', says: 'A trigger that is missing is found', open: NOT_YET.doctor },
        { id: 'T114c', says: 'Users made while it was missing are settled at their first sign-in', as: 'T107a' },
      ],
    },
    {
      number: 145,
      title: 'Recursion through `AdminCreateUser`',
      clauses: [
        {
          id: 'T145a',
          says: 'The inner run knows its own work; a forged marker is no short cut',
          tests: ['a placeholder user takes two runs of the trigger, and a forged marker is no short cut'],
        },
      ],
    },
    {
      number: 146,
      title: 'Placeholder user verified without evidence',
      clauses: [
        {
          id: 'T146a',
          says: 'Without proof the placeholder user has no address and nothing to reset',
          tests: [
            'without proof the primary user has no password to reset, and the address stays its owner’s',
            'gets a user of the pool with an address that is proven, and with no other',
          ],
        },
        {
          id: 'T146b',
          says: 'No address and nothing to reset, for each provider kind below proof, InboundFederation or not',
          tests: ['makes no user of the pool with its address, and nothing to reset'],
        },
      ],
    },
    {
      number: 147,
      title: 'Backfill races with live sign-ups',
      clauses: [
        {
          id: 'T147a',
          says: 'While it observes, a trigger claims, refuses nobody, joins nobody, and reports what it would do',
          tests: ['claims, refuses nobody, joins nobody, and reports what it would have done'],
        },
        { id: 'T147b', says: 'A loader that races with sign-ups, changes and deletions', open: NOT_YET.move },
      ],
    },
    {
      number: 148,
      title: 'Normalising inside the event has no effect',
      clauses: [
        {
          id: 'T148a',
          says: 'The event goes back with nothing changed but its response',
          tests: ['gives the event back with nothing changed but its response'],
        },
        {
          id: 'T148b',
          says: 'The emulator ignores other changes, as Cognito does',
          tests: [
            'nothing but response counts; changed names and attributes are ignored',
            'a handler that edits the event object it was given changes nothing',
          ],
        },
        {
          id: 'T148c',
          says: 'Twins by case in a case-sensitive pool have one key, which is the first one’s',
          tests: ['a second spelling in a case-sensitive pool is the same identifier, and joins nobody'],
        },
      ],
    },
    {
      number: 149,
      title: '"Already linked" taken for success',
      clauses: [
        {
          id: 'T149a',
          says: 'The answer only means to look where the identity is linked',
          tests: [
            'looks where the identity is linked when Cognito answers',
            'takes unreadable identities for no link',
            'does not take an error for done where the link is still there',
          ],
        },
        {
          id: 'T149b',
          says: 'Linked to somebody else is refused',
          tests: ['is refused when Cognito links the identity to somebody else'],
        },
      ],
    },
  ],
}
