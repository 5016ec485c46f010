import type { Area } from '../clauses.ts'
import { ELSEWHERE, NOT_YET } from '../reasons.ts'

export const OUTSIDE: Area = {
  name: 'Found from outside',
  threats: [
    {
      number: 150,
      title: 'An OIDC or SAML provider is believed without its verified flag',
      clauses: [
        {
          id: 'T150a',
          says: 'OIDC: every flag but a true one, coming first and second, InboundFederation or not, in the default pool and policy',
          tests: ['is believed by nobody'],
        },
        {
          id: 'T150b',
          says: 'An explicit no is a no, whatever the policy says of the provider',
          tests: ['is a no, whatever the policy'],
        },
        {
          id: 'T150c',
          says: 'SAML proves nothing without the operator’s setting that its directory is managed',
          tests: ['SAML proves nothing without the operator’s setting'],
        },
        {
          id: 'T150d',
          says: 'Every kind of provider, policy and pool, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
      ],
    },
    {
      number: 151,
      title: 'An address that changed is not followed',
      clauses: [
        {
          id: 'T151a',
          says: 'A change through our call: the new address is the person’s and the old one nobody’s, in every pool kind, kept until verified or not',
          tests: ['through our call: the person owns the new one, the old one is free'],
        },
        {
          id: 'T151b',
          says: 'A change past us: the successor at the old mailbox gets nothing, and the new one counts as far as the operator’s word goes',
          tests: [
            'past us, where only codes set flags (true): the successor at the old mailbox gets nothing',
            'past us, where only codes set flags (false): the successor at the old mailbox gets nothing',
          ],
        },
        {
          id: 'T151c',
          says: 'A password sign-in does not write the old address back',
          tests: ['with a linked provider: a password sign-in does not write the old address back'],
        },
        {
          id: 'T151d',
          says: 'What the user wrote is no provider’s word',
          tests: [
            'what no provider is known to have said is the user’s own wish, and stays',
            'has what a provider says now remembered with its identity',
          ],
        },
        {
          id: 'T151e',
          says: 'The call proves only the address that was asked for, to the user who asked, freshly',
          tests: [
            'proves only the address that was asked for',
            'needs the code, a fresh sign-in, an address, and the user who asked',
          ],
        },
        {
          id: 'T151f',
          says: 'The rows: owned and released in one change, and an unproven change leaves none',
          tests: [
            'is owned, and the former one is free, in one change',
            'that is not proven leaves the person without one',
          ],
        },
        {
          id: 'T151g',
          says: 'In one order: sign up, change, sign in by Google, delete, return',
          tests: [
            'in one order: sign up, change the address, sign in by Google at the new one, delete the account, return',
          ],
        },
        {
          id: 'T151h',
          says: 'A stranger’s sign-up with the new address gains nothing, under every policy, in every pool kind',
          tests: ['a squatter’s sign-up with the new address gets nothing'],
        },
        { id: 'T151i', says: 'Events tell the change', tests: ['and an event says that the address has changed'] },
        {
          id: 'T151j',
          says: 'The successor at the old mailbox is somebody else, by the form and by Google, under every policy, in every pool kind',
          tests: ['the next reader of the old mailbox is another person, by the form and by Google'],
        },
        {
          id: 'T151k',
          says: 'A change by one user of a person leaves the address that another one has proven, by our call too, in every pool kind',
          tests: [
            'a change by the second of two users leaves the first one its address',
            'for the first user stays when the second one changes its own',
            'for the second user stays when the first one changes its own',
            'is free once the same user has changed it',
          ],
        },
      ],
    },
    {
      number: 152,
      title: 'The provider is guessed from the user name',
      clauses: [
        {
          id: 'T152a',
          says: 'An unlisted provider whose name begins with a listed one joins nobody',
          tests: ['is not read as one that is listed'],
        },
        {
          id: 'T152b',
          says: 'A name that may be two providers’ is nobody’s, and so is one whose rest is no subject of that provider',
          tests: [
            'is certain for nobody where two listed providers can have given it',
            'is uncertain for every provider whose name is longer than a listed one',
          ],
        },
        {
          id: 'T152c',
          says: 'Where identities are listed they decide, and a name that says otherwise is refused',
          tests: [
            'is that provider’s, with the subject as it stands there',
            'is nobody’s where that provider is not listed, however its name begins',
            'is refused where the name says otherwise',
          ],
        },
        {
          id: 'T152d',
          says: 'A link made by mistake is undone when `identities` shows it',
          open: 'no test shows an undone link',
        },
        {
          id: 'T152e',
          says: 'Overlapping names need InboundFederation at start',
          open: 'overlapping names are refused at start unless an attribute tells the subject (T14); InboundFederation is not asked for',
        },
        {
          id: 'T152f',
          says: 'Every policy and pool kind, InboundFederation or not',
          tests: ['a provider that policy does not list, and whose name begins with a listed one, joins nobody'],
        },
      ],
    },
    {
      number: 153,
      title: 'InboundFederation reads other claims than the pool maps; flag and address from two documents',
      clauses: [
        {
          id: 'T153a',
          says: 'Claims are read by the pool’s mapping',
          tests: ['is read by the claims that the pool maps, not by those that users can write'],
        },
        {
          id: 'T153b',
          says: 'Address and flag come from one document, or count for nothing',
          tests: ['an address of one document and a flag of another prove nothing'],
        },
      ],
    },
    {
      number: 154,
      title: 'Adoption believes what the user can write',
      clauses: [
        {
          id: 'T154a',
          says: 'A profile from before us is not adopted by what it stores, under any policy',
          tests: ['does not get the person that its user states'],
        },
        {
          id: 'T154b',
          says: 'With each provider that can prove addresses, InboundFederation or not',
          tests: ['is nobody’s else by what is stored in it'],
        },
        { id: 'T154c', says: 'What flags are worth for native users is said once, by the operator', as: 'T156b' },
        {
          id: 'T154d',
          says: 'A native user’s marks from before us, an address’s or a number’s, count at no later sign-in either; what is verified later does',
          tests: [
            'owns its address at no later sign-in either',
            'nor with a marked number beside it, and nor the number',
            'owns one that is verified later, and a number',
            'owns its own where the operator vouches for it',
          ],
        },
      ],
    },
    {
      number: 155,
      title: 'A user found by name is taken for ours',
      clauses: [
        {
          id: 'T155a',
          says: 'A user who only has the name of the one that an administrator made is not linked to, in three pool kinds',
          tests: ['a user who has only the name of the one that an administrator made is not linked to'],
        },
        {
          id: 'T155b',
          says: 'Nor one who has another address',
          tests: ['takes nobody for ours who has another address'],
        },
        {
          id: 'T155c',
          says: 'A sign-up under the own name of a user from before us makes none of its marks count, in three pool kinds',
          tests: ['a sign-up under the own name makes no mark from before us count'],
        },
        {
          id: 'T155d',
          says: 'An administrator’s word for a name that is taken is nobody’s, and keeps nobody out, in three pool kinds',
          tests: [
            'vouches for nothing: the user with the name is not the owner, and the owner can sign up at once',
            'nor where the user with the name signs in first',
            'and one under a new name is believed',
          ],
        },
      ],
    },
    {
      number: 156,
      title: '`trustAdminVerified: false` protects nothing',
      clauses: [
        {
          id: 'T156a',
          says: 'A back end that sets flag and password, or confirms after setting the flag, proves nothing, in three pool kinds',
          tests: [
            'a back end that verifies and sets passwords proves nothing',
            'nor one that confirms a sign-up after setting the flag',
          ],
        },
        {
          id: 'T156b',
          says: 'A flag counts by the operator’s word alone',
          tests: [
            'adopts a user whom an administrator made; the flag that came along proves nothing',
            'also where the operator vouches for users from before us, whom no trigger has seen',
            'proves an address by word only where policy says so',
          ],
        },
        {
          id: 'T156c',
          says: 'Imports and migrated users by the same rule',
          open: 'imports are tried as users from before us (T167), migration under T20; no test takes both through this policy',
        },
        {
          id: 'T156d',
          says: 'A code by SMS proves no address that a back end has marked, and an unconfirmed number takes nothing from a code by e-mail',
          tests: [
            'a code by SMS proves no address that a back end has marked',
            'a code by e-mail proves the address of a user with a number that nobody has confirmed',
          ],
        },
      ],
    },
    {
      number: 157,
      title: "The victim confirms the attacker's sign-up, or links to it",
      clauses: [
        {
          id: 'T157a',
          says: 'The owner is let in beside the attacker’s sign-up, and the first proof voids the others (link and enumeration-safe, three pool kinds)',
          tests: ['Eve signs up with Ada’s address first; Ada is let in, and the first proof wins'],
        },
        {
          id: 'T157b',
          says: 'Proving the attacker’s sign-up makes its password worthless, in either order',
          tests: ['Ada proves Eve’s sign-up, after an own sign-up', 'Eve signs up after Ada, and Ada proves Eve’s'],
        },
        {
          id: 'T157c',
          says: 'A late or contested code throws the password away; `keep` keeps it',
          tests: [
            'a code that is entered late, or a contested sign-up, replaces the password',
            'records that somebody else may know the password',
          ],
        },
        {
          id: 'T157d',
          says: 'In pools with addresses as user names',
          tests: ['the owner who resends the code and proves a squatted address is signed in'],
        },
        {
          id: 'T157e',
          says: 'Each setting of `passwordBeforeProof`, as a table',
          tests: ['the password from before a first proof'],
        },
        { id: 'T157f', says: 'The text that goes out names what the code will open', open: 'no text of ours goes out' },
        {
          id: 'T157g',
          says: 'A replaced password ends the doubt',
          tests: ['is no longer in doubt once the password has been replaced'],
        },
        { id: 'T157h', says: 'Every credential goes, TOTP and passkeys too', open: 'only passwords are tried' },
        {
          id: 'T157i',
          says: 'Under refuse and ask as well',
          tests: ['beside the attacker’s sign-up the owner is let in, and the first proof wins, also under'],
        },
        {
          id: 'T157j',
          says: 'While the password is in doubt nothing is linked by hand, on either side, and after the owner’s reset it is; nor after a join by a session from before',
          tests: [
            'while the password is in doubt no sign-in method is linked by hand, on either side',
            'a session from before such a join links nothing afterwards',
            'a provider is offered to neither side, until the owner has reset it by the mailbox',
            'nor is a second user of the pool, and its password opens nothing of the owner’s',
            '`always` doubts a plain first proof too, and links nothing on either side before a reset',
            'does not, and links',
          ],
        },
        {
          id: 'T157k',
          says: 'A doubtful user who can come back by a number, or keep others out by a second factor, is not joined by the owner’s provider',
          tests: [
            'starts a separate person beside a user in doubt with',
            'joins one with neither, whose password opens nothing any more',
            'joins one with a number that was never confirmed',
          ],
        },
        {
          id: 'T157l',
          says: 'Nor one of another pool on a shared registry',
          tests: [
            'a doubtful user of the one pool is not joined by a provider in the other',
            'in the one pool it is, and a user without a doubt is in the other as well',
          ],
        },
      ],
    },
    {
      number: 158,
      title: 'A recovery does not reach the account page',
      clauses: [
        {
          id: 'T158a',
          says: 'After a recovery an older session gets no offer, no link, no unlink, no change of address and no refresh',
          tests: ['older sessions are over: no offer, no link, no unlink, no refresh'],
        },
        {
          id: 'T158b',
          says: 'An offer is void where the other side has recovered',
          tests: ['an offer is void where the other side has recovered'],
        },
        {
          id: 'T158c',
          says: 'Tokens from before it are nobody’s, by claim and look-up, refreshed or not',
          tests: [
            'after a recovery the sessions from before it have no person, refreshed or not',
            'a sign-in from before the recovery is nobody’s',
            'a token that does not say when its user signed in is older than any recovery',
          ],
        },
        {
          id: 'T158d',
          says: 'Every pool kind',
          tests: ['after a recovery older sessions change nothing and are not refreshed'],
        },
        {
          id: 'T158e',
          says: 'A merge revives nothing that a recovery has ended',
          tests: ['a merge revives no session that a recovery has ended'],
        },
        {
          id: 'T158f',
          says: 'A second recovery ends what the first has opened',
          tests: ['a second recovery within seconds ends what the first one has opened'],
        },
        {
          id: 'T158g',
          says: 'Of all users of the person',
          tests: ['a recovery ends the sessions of all users of the person'],
        },
      ],
    },
    {
      number: 159,
      title: '"Fresh" is not interactive',
      clauses: [
        {
          id: 'T159a',
          says: 'The browser asks by prompt, and by age where the pool has levels',
          tests: [
            'is asked for by a prompt',
            'is asked for by its age too in a pool with authentication levels',
            'is asked for again where the flow is started over',
          ],
        },
        {
          id: 'T159b',
          says: 'A session at the hosted pages does not answer, in a real browser',
          open: ELSEWHERE.browser,
        },
        {
          id: 'T159c',
          says: 'A refreshed token is as old as its sign-in on the account page',
          tests: ['a refresh makes an old sign-in no fresher on the account page'],
        },
      ],
    },
    {
      number: 160,
      title: 'An unproven reservation keeps the owner out, for ever',
      clauses: [
        {
          id: 'T160a',
          says: 'A bot of one sign-up a day, or one a second, keeps nobody out beyond a window, in three pool kinds',
          tests: [
            'one unproven sign-up a day, or one a second, keeps nobody out beyond a window',
            'a bot that takes each lapse keeps the owner out for one window in a quarter of an hour',
            'an unfinished sign-up keeps others out for the window, and no longer',
          ],
        },
        {
          id: 'T160b',
          says: 'A confirmed user’s unproven address keeps nobody out, in pools that verify by SMS, name by phone, or hold phones unique',
          tests: [
            'a confirmed user’s unproven address keeps nobody out, however it was confirmed',
            'an unproven address of a confirmed user keeps its owner out for no longer than a window',
          ],
        },
        {
          id: 'T160c',
          says: 'Nor does one that a provider vouches for, under any policy',
          tests: ['nor does one that a provider vouches for'],
        },
        {
          id: 'T160d',
          says: 'A proven identifier does not wait behind another, and the wait ends by a recovery',
          tests: [
            'of a proven address does not wait behind another identifier',
            'of a user who waits is no error when it is told again, and a recovery of its own ends the wait',
          ],
        },
        {
          id: 'T160e',
          says: 'The bots run in the simulator as well',
          open: 'played by `npm run proof -- sim`, not by a test of this number',
        },
      ],
    },
    {
      number: 161,
      title: 'Look-alike names of providers with a mapped subject',
      clauses: [
        {
          id: 'T161a',
          says: 'Names that begin as a listed provider, or are UUIDs, are refused in every pool kind',
          tests: [
            'are refused where users choose them',
            'a name looks federated by its beginning alone, in any letters, for every listed provider',
          ],
        },
        {
          id: 'T161b',
          says: 'The pool’s way of naming is known',
          tests: ['knows whether the pool’s users choose their names'],
        },
      ],
    },
    {
      number: 162,
      title: 'One lost answer locks the owner out',
      clauses: [
        {
          id: 'T162a',
          says: 'One lost answer of the store costs nothing, in three pool kinds',
          tests: ['one lost answer of the store locks nobody out'],
        },
        {
          id: 'T162b',
          says: 'Where Cognito makes the names',
          tests: ['one lost answer locks nobody out where Cognito makes the names'],
        },
      ],
    },
    {
      number: 163,
      title: 'Outage behaviour differs between warm and cold',
      clauses: [
        {
          id: 'T163a',
          says: 'A store is opened when it is first asked, again after a failure, and a hanging one costs a moment',
          tests: [
            'opens nothing before the first call, then once for all simultaneous calls',
            'is made while the store is down, says so at each call, and works once it is back',
            'an opening that hangs delays its callers for a limited time',
          ],
        },
        {
          id: 'T163b',
          says: 'While the store is down no token has a person that another handler wrote',
          tests: ['while the store is down, no token has a person that another handler wrote'],
        },
        { id: 'T163c', says: 'Cognito’s own limits are the limits', as: 'T173a' },
        { id: 'T163d', says: 'A hanging repair takes no time of the naming', as: 'T112a' },
      ],
    },
    {
      number: 164,
      title: 'A wrong pepper is accepted in silence',
      clauses: [
        {
          id: 'T164a',
          says: 'Opening with another pepper is refused, before there is a row too, in every store',
          tests: ['is not opened with another pepper before it has a row either', 'is not opened with'],
        },
        {
          id: 'T164b',
          says: 'Two peppers are open during a rotation, and rows from before it are read',
          tests: [
            'an address that was sealed before a rotation is read',
            'rows from before a rotation are read, and written where they stand',
            'from no pepper to one, the rows stay',
          ],
        },
        { id: 'T164c', says: 'The guide says how to make and keep a pepper', open: 'no test reads the guide for it' },
        {
          id: 'T164d',
          says: 'Races of first openings have one winner',
          tests: [
            'opened for the first time by many processes at once, it takes the pepper of one of them',
            'of simultaneous first writes by the two kinds of process, one wins',
            'a new file that six processes open at once with two peppers takes one of them',
          ],
        },
      ],
    },
    {
      number: 165,
      title: 'Rows and events that never end; a read that never finishes',
      clauses: [
        {
          id: 'T165a',
          says: 'Reservations that ended long ago are deleted, and nothing else is, in every store',
          tests: [
            'reservations that ended long ago are deleted, in batches, and nothing else is',
            'names the attribute by which DynamoDB ends them',
            'leaves reservations that DynamoDB deletes days after their lease',
          ],
        },
        {
          id: 'T165b',
          says: 'Read events are deleted, and none is missed or told twice',
          tests: [
            'events that every reader has are deleted, in batches; the others keep their positions',
            'reads many events in small pages, each event once, in the order of its person',
            'misses no late commit when it reads many events in small pages',
          ],
        },
        {
          id: 'T165c',
          says: 'A page of half a million unread events takes no longer than a page of few',
          tests: ['brings a page of half a million unread events as fast as a page of few'],
        },
        { id: 'T165d', says: 'Ten million', open: 'half a million are tried' },
      ],
    },
    {
      number: 166,
      title: 'The user who deletes the account cannot come back',
      clauses: [
        {
          id: 'T166a',
          says: 'Who deletes the account comes back as somebody new, under every policy, in three pool kinds',
          tests: [
            'a user who deletes the account can return, as a new person',
            'also a user who had signed in by a provider, and with a linked one',
          ],
        },
        {
          id: 'T166b',
          says: 'By a provider, whatever a person who comes by one first gets',
          tests: ['whoever comes by a provider with that address is let in, as somebody new'],
        },
        {
          id: 'T166c',
          says: 'Where addresses are user names',
          tests: ['a user who deletes the account can return where addresses are names'],
        },
        {
          id: 'T166d',
          says: 'Also where somebody else has the name of the deleted user by now, with the address marked, in three pool kinds',
          tests: [
            'the name of a deleted user, taken with the address marked, keeps nobody out',
            'also once a provider has ended a doubt about the deleted user’s password',
          ],
        },
        {
          id: 'T166e',
          says: 'Whoever has the name of a deleted user keeps the password and the sessions',
          tests: ['always: a user who has the name of a deleted user keeps the password'],
        },
      ],
    },
    {
      number: 167,
      title: 'Users from before us: the person depends on who signs in first',
      clauses: [
        {
          id: 'T167a',
          says: 'Every order ends the same, each somebody and nobody as somebody else, in two pool kinds, InboundFederation or not',
          tests: ['end the same in every order, each of them somebody, and nobody as somebody else'],
        },
        {
          id: 'T167b',
          says: 'A sign-up without proof gains nothing of a user who has not been seen',
          tests: [
            'give nothing to others: an unproven sign-up does not take the address of a user who has not been seen',
          ],
        },
        {
          id: 'T167c',
          says: 'An unseen user is looked up where policy says so',
          tests: [
            'a free address is looked up in Cognito where addresses are names there',
            'finds who signs in by an address, as it is spelled',
          ],
        },
        {
          id: 'T167d',
          says: '`observe` says for each what `enforce` would do, and a dry run writes nothing',
          tests: [
            'observe names, under an id that the operator can resolve, whom enforce would join, and dry-run writes nothing',
            'writes nothing at all, and reports as observe does',
          ],
        },
        {
          id: 'T167e',
          says: 'Without the operator’s word, in every order',
          tests: ['users whose flags nobody vouches for end the same in every order'],
        },
        { id: 'T167f', says: 'With a backfill', open: NOT_YET.move },
        {
          id: 'T167g',
          says: 'A native user and a Google profile, in either order, in every pool kind, with and without the operator’s word, InboundFederation or not',
          tests: ['end the same in either order, each of them somebody'],
        },
        { id: 'T167h', says: 'Two thousand users', open: '24 are met in three orders' },
        {
          id: 'T167i',
          says: 'A link leaves the mark with which such a user came',
          tests: ['the mark of a user from before onesub stays when a provider with the same address is linked'],
        },
      ],
    },
    {
      number: 168,
      title: 'Two pools on one table',
      clauses: [
        {
          id: 'T168a',
          says: 'The first pool has the registry and another is refused, in every store, also when both come at once',
          tests: [
            'belongs to the first user pool; another one is refused with advice',
            'of two pools that come first at the same time, one gets it',
          ],
        },
        {
          id: 'T168b',
          says: 'Pools that the operator names together have it together',
          tests: [
            'is shared by the pools that the operator names, in either order',
            '"sharedBy" is a list of pool ids',
          ],
        },
        {
          id: 'T168c',
          says: 'One trust for all of them',
          open: 'the policies of pools that share a registry are not compared',
        },
      ],
    },
    {
      number: 169,
      title: 'The newer issuer, replicas, other partitions',
      clauses: [
        {
          id: 'T169a',
          says: 'Either issuer, each partition and each replica is the pool’s own; the person is the same, and only the key set that is named is fetched',
          tests: [
            'is of the same person and identity, and only that key set is fetched',
            'of another partition is its person’s',
            'is in each Region where it has a replica',
            'are those of its replicas as well',
          ],
        },
        {
          id: 'T169b',
          says: 'What is no issuer, Region or pool id is refused',
          tests: ['is refused before any key is fetched', 'is in no Region that is none'],
        },
        {
          id: 'T169c',
          says: 'Calls to AWS go to the partition’s own domain',
          tests: ['is in the domain of its partition'],
        },
      ],
    },
    {
      number: 170,
      title: 'Permanent mistakes told as passing ones',
      clauses: [
        {
          id: 'T170a',
          says: 'PostgreSQL: grants, password, tables, clients',
          tests: [
            'a role that may only read opens and reads what another has opened before',
            'a password that is wrong',
            'tables that were dropped under a registry that was open',
            'and one that passes is to be tried again',
          ],
        },
        {
          id: 'T170b',
          says: 'SQLite: files that are none',
          tests: [
            'tells a file that cannot be opened for good, without naming it',
            'tells a file that is no database, and one that is somebody else’s, and changes neither',
          ],
        },
        {
          id: 'T170c',
          says: 'DynamoDB: names, transports, streams',
          tests: [
            'takes no table named',
            'takes nothing for a transport that is none',
            'reports, where events are wanted, that the table has no stream, or one without new images',
          ],
        },
      ],
    },
    {
      number: 171,
      title: 'Policy that contradicts itself is accepted',
      clauses: [
        {
          id: 'T171a',
          says: 'Unknown settings, misspelt ones and bounds are refused at start',
          tests: [
            'a misspelt setting of a provider',
            'a misspelt claim',
            'a lease too short to collapse clicks',
            'a public mail domain',
            'a standard attribute for the hosted domain',
          ],
        },
        {
          id: 'T171b',
          says: 'A provider’s setting that needs what the pool does not have is reported once a cold start',
          tests: ['a hosted domain that the pool does not map is reported at the first sign-in that lacks it'],
        },
        {
          id: 'T171c',
          says: 'Attributes that a client can write, and mappings that are missing',
          open: NOT_YET.doctor,
        },
      ],
    },
    {
      number: 172,
      title: 'Unknown `kid`s make an API answer 503; a large row fails for good; a hostile `search_path`',
      clauses: [
        {
          id: 'T172a',
          says: 'Keys that nobody has are the caller’s fault once the set is fresh',
          tests: [
            'are the caller’s fault, each of a thousand, in a row and at once',
            'cannot be judged while the set cannot be fetched',
          ],
        },
        {
          id: 'T172b',
          says: 'A withdrawn key ends, after several refreshes too',
          tests: ['ends a day after the set was first seen without it, after several refreshes too'],
        },
        {
          id: 'T172c',
          says: 'A key of one issuer or pool signs nothing in the name of another',
          tests: [
            'signs nothing in the name of another pool that has a key of the same name',
            'signs nothing in the name of the',
          ],
        },
        {
          id: 'T172d',
          says: 'Changes and rows that are too large are refused before they are written, in every store',
          tests: [
            'a change of more than 100 rows is refused before it is written; one of 100 is not',
            'a person near 400 KB is refused before it is written; a smaller one is read back whole',
          ],
        },
        {
          id: 'T172e',
          says: 'A hostile search path changes no answer and no migration',
          tests: ['changes no answer, and no migration', 'is pinned for every function'],
        },
      ],
    },
    {
      number: 173,
      title: "A limit tighter than Cognito's own",
      clauses: [
        {
          id: 'T173a',
          says: 'The largest events by Cognito’s limits are read, at every source',
          tests: ['reads the largest events that Cognito sends'],
        },
        {
          id: 'T173b',
          says: 'What is not read is not bounded',
          tests: ['is not interested in what it does not read, however deep or large that is'],
        },
      ],
    },
    {
      number: 174,
      title: 'An unknown refusal taken for one known cause',
      clauses: [
        {
          id: 'T174a',
          says: 'A refusal for another reason is no lock-out: a profile of its own, the same person, the operator told, InboundFederation or not',
          tests: [
            'is no lock-out: a profile, and the same person',
            'whose profile could not be linked is the same person in the registry',
          ],
        },
        { id: 'T174b', says: 'Nothing half-made stays', tests: ['leaves no user of ours behind'] },
        {
          id: 'T174c',
          says: 'A conflict is told only where a look finds one',
          tests: ['for a link to somebody else only where a look finds it there'],
        },
        {
          id: 'T174d',
          says: 'Every provider kind that can prove, InboundFederation or not',
          tests: ['that Cognito refuses for good is no lock-out, twice, InboundFederation or not'],
        },
      ],
    },
    {
      number: 175,
      title: 'Proof that comes later never counts',
      clauses: [
        {
          id: 'T175a',
          says: 'What is verified later counts at the next sign-in, as far as the operator’s word goes',
          tests: [
            'counts at the next sign-in where only codes set flags (true), the former address kept',
            'counts at the next sign-in where only codes set flags (true), the former address not kept',
            'counts at the next sign-in where only codes set flags (false), the former address kept',
          ],
        },
        {
          id: 'T175b',
          says: 'By our own call, for a first address too; not at a recovery, whose code may have gone elsewhere',
          tests: ['counts by our own call, also for a first address', 'counts at no recovery'],
        },
        {
          id: 'T175c',
          says: 'A rename at the provider is followed, and the former address is nobody’s',
          tests: ['a rename at the provider is followed, and the former address is free'],
        },
        {
          id: 'T175d',
          says: 'Numbers that are added later, where they are unique',
          tests: ['a number that is added and verified later belongs to its person, where numbers are unique'],
        },
        {
          id: 'T175e',
          says: 'Every pool kind',
          tests: ['an address that is proven by our call counts from then on'],
        },
        {
          id: 'T175f',
          says: 'A profile that was renamed holds its former address no more, without InboundFederation too',
          tests: [
            'leaves the former address to the next prover, by the form',
            'or by a provider',
            'and one that still shows it keeps it',
          ],
        },
        {
          id: 'T175g',
          says: 'A mark counts for what the pool keeps until it is verified, and for nothing else',
          tests: ['a number that a recovery may have marked is free, in a pool that keeps former addresses only'],
        },
        {
          id: 'T175h',
          says: 'A provider that is renamed back takes the address along; the one of in between is free',
          tests: [
            'joins nobody who has the address of in between',
            'whose reader recovers nobody',
            'leaves the reset to the reader of the address that it says',
            'keeps nobody from signing up with the address of in between',
          ],
        },
      ],
    },
    {
      number: 176,
      title: '`observe` refuses',
      clauses: [
        {
          id: 'T176a',
          says: 'In `observe` every event comes back as it came, and the report says what `enforce` would do',
          tests: ['back as it came, and says what it would have done'],
        },
      ],
    },
    {
      number: 177,
      title: 'An invitation and a provider make two users',
      clauses: [
        {
          id: 'T177a',
          says: 'An invited user who clicks Google first is the invited user, groups kept, in three pool kinds',
          tests: ['an invited user who clicks Google first is the invited user, groups and mailed password kept'],
        },
        {
          id: 'T177b',
          says: 'Without the operator’s word nobody is joined and nobody kept out',
          tests: ['without the setting nobody is joined, and nobody is refused'],
        },
        {
          id: 'T177c',
          says: 'A reservation of an invited user lasts as long as the invitation, and keeps no other sign-up out',
          tests: [
            'of an invited user is kept as long as an invitation can be',
            'is let in beside an invitation, and leaves it is',
          ],
        },
        {
          id: 'T177d',
          says: 'The mailed password still works after the provider’s sign-in, where Cognito leaves the user’s status (else Cognito itself takes no password of that user)',
          tests: ['the mailed password still opens the invited user’s account'],
        },
        {
          id: 'T177e',
          says: 'An invitation in one of the pools that share a registry is no user to link to in another',
          tests: ['an invitation in the one pool is no user of the other'],
        },
        {
          id: 'T177f',
          says: 'A password that may have gone to a number is not the mailbox’s',
          tests: ['a password that went to a number is not the mailbox’s'],
        },
      ],
    },
    {
      number: 178,
      title: 'The same address in several tenants',
      clauses: [
        {
          id: 'T178a',
          says: 'An identifier can be unique within an attribute of the tenant',
          tests: [
            'is a person in each, and in none of them two (InboundFederation true)',
            'is a person in each, and in none of them two (InboundFederation false)',
            'an administrator invites into each tenant',
            'a user who is deleted in one tenant leaves the address free only there',
          ],
        },
        {
          id: 'T178b',
          says: 'From an attribute that the user cannot write, checked at start',
          tests: ['nobody moves to another tenant by their own token', 'refuses {"uniqueWithin":"email"}'],
        },
        {
          id: 'T178c',
          says: 'Identities of providers belong to the tenant that the policy names, whatever the provider says',
          tests: [
            'a provider joins the person of its own tenant (InboundFederation true)',
            'a provider joins the person of its own tenant (InboundFederation false)',
            'a provider whose administrator maps another tenant reaches nobody there (InboundFederation true)',
            'a provider whose administrator maps another tenant reaches nobody there (InboundFederation false)',
            'a provider of no tenant joins nobody of a tenant',
            'signs in by a provider first, and by a password after it (native-user)',
            'signs in by a provider first, and by a password after it (profile-only)',
          ],
        },
        {
          id: 'T178d',
          says: 'The account page changes and links within it',
          tests: [
            'a change of address counts within the tenant, and frees the former one there alone',
            'a link by hand takes along what is owned in the other tenant',
          ],
        },
      ],
    },
    {
      number: 179,
      title: 'The unfinished sign-up',
      clauses: [
        {
          id: 'T179a',
          says: 'Who left before the code goes on and signs in, and nobody is told who is registered',
          tests: [
            'a user who left before the code continues, and then signs in',
            'nobody is told that nobody has signed up',
            'the user with the confirmed address keeps it',
          ],
        },
        { id: 'T179b', says: 'Whoever asks for a new code first may finish it', as: 'T157d' },
        {
          id: 'T179c',
          says: 'The browser’s call for it',
          tests: [
            'is resumed by two calls that anybody may make, and takes no alias from its holder',
            'tells nobody who is registered',
            'leads a user who left before the code back to it',
          ],
        },
      ],
    },
    {
      number: 180,
      title: 'Sign-up without a password',
      clauses: [
        {
          id: 'T180a',
          says: 'A policy lets an application’s own proof confirm',
          tests: [
            'an application’s own proof confirms where policy says so',
            'a confirmation without its address owns nothing',
            'and nowhere else',
          ],
        },
        {
          id: 'T180b',
          says: 'A sign-in by a code proves the address',
          tests: [
            'by the code of the sign-up the address is owned, and a sign-in by its provider leads to the same person',
            'the first code sign-in proves the address where policy says that there is no other',
            'and nothing where it says “unknown”',
            'and nothing where it says “generated”',
            'nor where the code may have gone to a number',
            'nor for another address than the one that was given',
          ],
        },
      ],
    },
    {
      number: 181,
      title: 'A repair promotes a pending address',
      clauses: [
        {
          id: 'T181a',
          says: 'A repair writes address and flag together, and promotes nothing that is pending, whatever Cognito does',
          tests: ['promotes no pending address (ignored)', 'promotes no pending address (promotesPending)'],
        },
        { id: 'T181b', says: 'Another trigger that writes the flag alone is found', open: NOT_YET.doctor },
      ],
    },
    {
      number: 182,
      title: 'A seen message taken for an entered code',
      clauses: [
        {
          id: 'T182a',
          says: 'A flag that an own provider, a password or a refresh brings proves nothing',
          tests: ['proves nothing where the flag is set in another way'],
        },
        {
          id: 'T182b',
          says: 'An invitation proves the invited address at its challenge, and nothing else',
          tests: [
            'an invitation proves the invited address',
            'an invitation proves another address, given at the challenge',
          ],
        },
        {
          id: 'T182c',
          says: 'A code sign-in counts only where e-mail is the only first factor',
          open: 'not written yet: a code sign-in proves nothing',
        },
        {
          id: 'T182d',
          says: 'A recovery proves nothing that was written, by the user or a provider, after its code was sent; nor does an unlink',
          tests: [
            'an address that was written after the code was sent is not proven by it',
            'nor one that a linked provider wrote in between',
            'nor a number',
            'what a provider wrote still counts as its address after it is unlinked',
          ],
        },
        {
          id: 'T182e',
          says: 'Nor do marks that a recovery left behind count later: of two within seconds, of two users, through any client, of whom comes by it first',
          tests: [
            'the mark does not count: the second of two recoveries within seconds',
            'nor of two users of one person',
            'nor through an app client that is not listed',
            'nor of a user whose first event is the recovery',
          ],
        },
        {
          id: 'T182f',
          says: 'Nor those of who has waited, or lost a provider, whichever of a person’s users it was, where marks are believed otherwise',
          tests: [
            'a user whose void code was entered owns nothing after starting a separate person',
            'nor once it is linked to somebody',
            'nor one that a provider is unlinked from',
            'nor another user of that person, to whom the provider was moved without onesub',
            'nor a second user whose provider leaves with the merge of two persons',
            'count where the pool keeps the former address',
            'and from the day on which it does',
          ],
        },
        {
          id: 'T182g',
          says: 'An invitation that was corrected gives the first address to nobody else',
          tests: ['gives the first address to nobody else'],
        },
      ],
    },
    {
      number: 183,
      title: 'Two proofs of one address, one after the other',
      clauses: [
        {
          id: 'T183a',
          says: 'The later proof is a new person with the address, the earlier one stays, in three pool kinds',
          tests: [
            'the second proof is a new person who owns the address; the first person stays the same',
            'its next owner signs up and enters the code, and is somebody else',
          ],
        },
        {
          id: 'T183b',
          says: 'The earlier one is told',
          tests: [
            'names the person who has lost the identifier',
            'its next owner signs up and enters the code, and is somebody else',
          ],
        },
        {
          id: 'T183c',
          says: 'By a change, under every policy',
          tests: ['the second prover of an address, by a change, owns it'],
        },
        {
          id: 'T183d',
          says: 'By a provider at a native user’s address',
          open: 'two proofs join there, under the policy that links (T24): no test has a mailbox change hands between them without a change in the pool',
        },
        {
          id: 'T183e',
          says: 'An address that Cognito has taken and the store has not is asked for again, and owned',
          tests: ['is asked for once more, with another code, and owned then'],
        },
      ],
    },
  ],
}
