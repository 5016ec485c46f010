import type { Area } from '../clauses.ts'
import { ELSEWHERE, NOT_YET } from '../reasons.ts'

export const LINKING: Area = {
  name: 'Pre-hijacking and linking',
  threats: [
    {
      number: 1,
      title: 'Classic–federated merge',
      clauses: [
        {
          id: 'T1a',
          says: 'An account whose address is unproven is no destination of a link; the newcomer with proof is a person of their own',
          tests: ['takes the address from a squatter, who is not linked to and gains nothing'],
        },
        {
          id: 'T1b',
          says: 'What the key goes over to counts at the newcomer’s rank',
          tests: ['gives a superseded identifier the new owner’s rank'],
        },
        { id: 'T1c', says: 'The squatter’s unconfirmed user is disabled and deleted', open: NOT_YET.sweeper },
        {
          id: 'T1d',
          says: 'The event says that a claim was taken over, and the squatter’s password opens nothing of the owner’s, under every policy',
          tests: ['the event says from whom an address was taken over'],
        },
        {
          id: 'T1e',
          says: 'The steps of both in every order',
          open: 'the orders are played by `npm run proof -- search` and the simulator, not by a test of this number',
        },
      ],
    },
    {
      number: 2,
      title: 'Unexpired session',
      clauses: [
        {
          id: 'T2a',
          says: 'A recovery ends what was issued before it, at the API, within a minute',
          tests: ['ends the sessions from before the recovery within a minute'],
        },
        {
          id: 'T2b',
          says: 'A refreshed token is as old as its sign-in',
          tests: ['a refreshed token is as old as its sign-in'],
        },
        { id: 'T2c', says: 'The time is written with the recovery', tests: ['has older tokens end on a recovery'] },
        { id: 'T2d', says: 'Refreshing fails at once, since the sessions are revoked', as: 'T158a' },
        {
          id: 'T2e',
          says: 'A first proof, a link or an undo ends them as well',
          open: `a link and a first proof end no session yet; ${NOT_YET.merge}`,
        },
        {
          id: 'T2f',
          says: 'The documentation says how the hosted cookie is ended',
          open: 'no test reads the documentation for it',
        },
        {
          id: 'T2g',
          says: 'What is taken off an account ends its sessions and leaves no way to recover',
          tests: [
            'a removed provider’s sessions end, and link nothing back',
            'after an unlink no code goes to the mailbox of the removed provider',
            'nor where the account had no address of its own',
          ],
        },
        {
          id: 'T2h',
          says: 'An unlink that was interrupted is finished by the next call: link, address, and sessions, also after a merge and where the identity has a person by then; every pool kind, InboundFederation or not',
          tests: [
            'an interrupted unlink can be finished where the removed provider has signed in since',
            'an unlink that is finished by a second call takes the address of the provider back',
            'an unlink that is finished by a second call ends the sessions of the provider',
            'an interrupted unlink can be finished after a merge',
          ],
        },
        {
          id: 'T2i',
          says: 'No sign-in around an unlink, and no merge after it, links the provider back or keeps a session',
          tests: [
            'a provider that was unlinked is not linked again by itself after a merge',
            'a sign-in by the removed provider between the commit and the end of an unlink opens no session',
            'of two sign-ins around an unlink, the first of which has read the registry before it, none links the provider back',
          ],
        },
        {
          id: 'T2j',
          says: 'An address that a code has proven stays; one that a removed provider has sent before is free; a user that was made for a merged person recovers nobody',
          tests: [
            'an address that a code has proven stays when a provider that never sent it goes',
            'a former address of a renamed and removed provider is free (',
            'the mailbox of a removed provider recovers nobody by the user that we had made for it (',
          ],
        },
        {
          id: 'T2k',
          says: 'A link from before onesub is unlinked for good, and a repeated unlink changes no address',
          tests: [
            'a provider that was linked before onesub does not join again once it is unlinked',
            'writes no address back that the user has left (',
            'leaves the address that the user has verified (',
          ],
        },
      ],
    },
    {
      number: 3,
      title: 'Trojan identifier',
      clauses: [
        {
          id: 'T3a',
          says: 'A second sign-in method that was attached before the proof opens nothing of the owner’s',
          tests: ['opens nothing of the owner’s by the second sign-in method that was attached to it'],
        },
        {
          id: 'T3b',
          says: 'In every order, for every kind of sign-in method (phone, provider, MFA device)',
          open: 'only tried with a linked Google identity',
        },
        { id: 'T3c', says: 'What is detached is listed to the user', open: 'nothing lists it yet' },
        {
          id: 'T3d',
          says: 'Nothing is linked to an account without a proven address',
          open: 'an account without one may take links; only the address is protected',
        },
      ],
    },
    {
      number: 4,
      title: 'Unexpired email change',
      clauses: [
        {
          id: 'T4a',
          says: 'A change that was begun before a recovery cannot be finished after it',
          tests: ['moves no identifier of the owner’s when a change of address is finished after the owner’s recovery'],
        },
        { id: 'T4b', says: 'The pool keeps the original address until the new one is verified', open: NOT_YET.doctor },
      ],
    },
    {
      number: 5,
      title: 'Non-verifying identity provider',
      clauses: [
        {
          id: 'T5a',
          says: 'An address without the provider’s own verified flag claims nothing and joins nobody: every provider kind, policy and pool kind, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
        {
          id: 'T5b',
          says: 'A provider that only vouches leaves each user their own sign-in method',
          tests: ['vouches for an address that another has proven, and each user keeps their own sign-in method'],
        },
        { id: 'T5c', says: 'A provider without a declared trust is worth nothing', as: 'T152a' },
      ],
    },
    {
      number: 6,
      title: "The victim is made to verify the attacker's account",
      clauses: [
        {
          id: 'T6a',
          says: 'The attacker’s sign-up is nobody’s, even when its code is entered after the owner’s own',
          tests: ['gets no person, even if the owner is led to confirm it after the own sign-up'],
        },
        { id: 'T6b', says: 'The first proof makes every other unproven sign-up of the address void', as: 'T157a' },
        { id: 'T6c', says: 'Codes and no links are mailed', open: NOT_YET.doctor },
        {
          id: 'T6d',
          says: 'A code works only in the browser that asked for it',
          open: 'codes are Cognito’s own, which takes them from anybody',
        },
        {
          id: 'T6e',
          says: 'The text names what the code will open',
          open: 'no text of ours goes out yet: the pool’s template does',
        },
      ],
    },
    {
      number: 7,
      title: 'Native users confirmed automatically',
      clauses: [
        {
          id: 'T7a',
          says: 'A self sign-up for which another handler set a confirming flag is refused',
          tests: [
            'refuses a self sign-up for which another handler set autoConfirmUser',
            'refuses a self sign-up for which another handler set autoVerifyEmail',
            'refuses a self sign-up for which another handler set autoVerifyPhone',
          ],
        },
        {
          id: 'T7b',
          says: 'Our own answer to a self sign-up never sets one, whatever its attributes, under every policy and mode',
          tests: ['set no confirming flag of a self sign-up, whatever its attributes'],
        },
        {
          id: 'T7c',
          says: 'Nor to an administrator’s or a provider’s user',
          tests: ['set no password of a user whom an administrator makes, or who signs in by a provider'],
        },
      ],
    },
    {
      number: 8,
      title: 'Proof not bound to the identity that was proven',
      clauses: [
        {
          id: 'T8a',
          says: 'An offer is void with anything in it changed or left out',
          tests: ['is void with any character changed or left out'],
        },
        { id: 'T8b', says: 'What is no offer is none', tests: ['is not "a.b"'] },
        {
          id: 'T8c',
          says: 'It is good for one identity and one account, once',
          tests: ['an offer is for one identity and one account, once'],
        },
        { id: 'T8d', says: 'It ends', tests: ['is read back until its time is over'] },
        { id: 'T8e', says: 'The same through a page of an application', open: ELSEWHERE.browser },
        {
          id: 'T8f',
          says: 'It is void once what it added is unlinked',
          tests: ['an offer that was accepted says nothing more once what it added is unlinked'],
        },
      ],
    },
    {
      number: 9,
      title: 'Address switched in the middle of first login',
      clauses: [
        {
          id: 'T9a',
          says: 'The address of a sign-up is that of its event, wherever the client writes another',
          tests: ['is not the one that a sign-up is about, wherever the client writes it'],
        },
        {
          id: 'T9b',
          says: 'A provider that changes it between two callbacks takes nothing and joins nobody, InboundFederation or not',
          tests: ['by the provider between two callbacks takes nothing and joins nobody'],
        },
        {
          id: 'T9c',
          says: 'A page that changes it between offer and agreement ends the link, and nothing is written',
          tests: ['by the page between the offer and the agreement ends the link'],
        },
      ],
    },
    {
      number: 10,
      title: 'Link by forged request',
      clauses: [
        {
          id: 'T10a',
          says: 'State, nonce and code verifier are each flow’s own, and an answer with another one, or without one, is foreign',
          tests: [
            'differ from each other, and from those of every other flow',
            'are those of the flow: the verifier of the challenge goes to the exchange',
            'is kept, every answer is foreign',
            'tokens whose ID token has',
          ],
        },
        {
          id: 'T10b',
          says: 'Linking asks for sign-ins of the last five minutes on both sides, and a token that does not tell is not fresh',
          tests: [
            'asks for two sign-ins of the last five minutes',
            'a token without the time of the sign-in is no fresh proof',
            'is five minutes young',
          ],
        },
        {
          id: 'T10c',
          says: 'Of two flows in one tab the later counts',
          tests: ['the later one counts: the answer to the earlier is foreign'],
        },
        {
          id: 'T10d',
          says: 'The finished code of another browser changes nothing, in a real browser',
          open: ELSEWHERE.browser,
        },
        {
          id: 'T10e',
          says: 'The user agrees on a page that names both accounts',
          open: 'the page is the application’s; the records app’s is tried in a browser only',
        },
      ],
    },
    {
      number: 11,
      title: 'A linked provider overwrites the canonical profile',
      clauses: [
        {
          id: 'T11a',
          says: 'The registry decides, and the proven address is put back after a federated sign-in',
          tests: [
            'the proven address is restored, and the person stays the same throughout',
            'the proven address is put back over what a provider has said',
          ],
        },
        {
          id: 'T11b',
          says: 'Only what a provider said is put back',
          tests: [
            'a user without a linked provider wrote the address on the user themselves, and keeps it',
            'a provider’s own profile shows what the provider says',
          ],
        },
        {
          id: 'T11c',
          says: 'Nothing is written while policy only observes',
          tests: ['nothing is changed where policy only observes'],
        },
        {
          id: 'T11d',
          says: 'No provider kind moves a key by what it says, InboundFederation or not',
          tests: ['moves no identifier: each person stays the same'],
        },
        {
          id: 'T11e',
          says: 'With InboundFederation, what any provider but SAML says is put back',
          tests: [
            'the proven address is put back over what Google has said, with InboundFederation',
            'the proven address is put back over what Facebook has said, with InboundFederation',
          ],
        },
        {
          id: 'T11f',
          says: 'Without InboundFederation, or by SAML, too',
          open: 'it is not put back: what was said at a later sign-in is not known, and may be the user’s wish (older.test.ts has it as a test that fails)',
        },
        { id: 'T11g', says: 'The doctor warns of mapping the address of a provider below proof', open: NOT_YET.doctor },
        {
          id: 'T11h',
          says: 'An address that a provider proved for itself does not replace the user’s',
          tests: [
            'a provider that was linked by hand takes no address from its user',
            'the address of one user of a person is not written over that of the other',
          ],
        },
        {
          id: 'T11i',
          says: 'A word that could be nobody’s identifier is put back too, and what cannot be put back loses its mark; every pool kind, InboundFederation or not',
          tests: [
            'an address that is no identifier is taken back by the repair and by an unlink',
            'an address that is no identifier keeps nobody from signing in by the own one',
            'a provider that is no authority recovers nobody, once the address of the user is somebody else’s',
            'a provider that came along with a merge leaves no address of its own on its user',
          ],
        },
        {
          id: 'T11j',
          says: 'The own address of a second user of the person stays, also beside a user that we made',
          tests: [
            'the own address of a user is not replaced by that of a user that we made (',
            'nor is the user that we made kept out by it',
            'nor does a second user of the person lose its alias',
          ],
        },
      ],
    },
    {
      number: 12,
      title: 'Verified flag that stays after its claim is gone',
      clauses: [
        {
          id: 'T12a',
          says: 'The flag of this sign-in counts, and a missing one proves nothing',
          tests: ['a flag that the provider does not send this time proves nothing'],
        },
        {
          id: 'T12b',
          says: 'The stored flag of a linked user is no proof',
          tests: ['takes no proof from the stored flag of a linked user'],
        },
      ],
    },
    {
      number: 13,
      title: 'Mapped attributes are writable by the user',
      clauses: [
        {
          id: 'T13a',
          says: 'What a user writes into own attributes decides nothing',
          tests: ['what a user writes into their own attributes decides nothing'],
        },
        { id: 'T13b', says: 'Not in a profile from before onesub either', as: 'T154a' },
        { id: 'T13c', says: 'A client that may write an attribute which policy reads is found', open: NOT_YET.doctor },
      ],
    },
    {
      number: 14,
      title: 'Subject cut or provider misread',
      clauses: [
        { id: 'T14a', says: 'Any subject comes back whole', tests: ['any plain subject comes back whole'] },
        {
          id: 'T14b',
          says: 'Overlapping providers are refused at start, or told by an attribute',
          tests: [
            'takes overlapping providers whose subjects are in an attribute',
            'takes providers that only begin alike',
            'such providers whose letters differ, since a pool may fold them',
          ],
        },
        {
          id: 'T14c',
          says: 'A token’s `identities` do not say who signed in',
          tests: ['is of the pool’s user and nobody else: what is linked did not sign in'],
        },
        { id: 'T14d', says: 'Where an event lists identities, a name that disagrees is refused', as: 'T152c' },
      ],
    },
    {
      number: 15,
      title: 'SAML: mutable subject, case, and signature tricks',
      clauses: [
        {
          id: 'T15a',
          says: 'Linking goes by the subject alone, as the provider writes it',
          tests: ['is what is linked by, as the provider writes it, and no attribute of its choice'],
        },
        {
          id: 'T15b',
          says: 'Subjects that differ by case are different, and join nobody',
          tests: ['that differs by case only is another identity, and joins nobody'],
        },
        { id: 'T15c', says: 'Addresses from SAML are no proof but for its proven, managed domain', as: 'T150c' },
        { id: 'T15d', says: 'The audit reports such a pair', open: 'no audit of existing pools is written yet' },
      ],
    },
    {
      number: 16,
      title: 'Native username that looks federated',
      clauses: [
        {
          id: 'T16a',
          says: 'A user name that looks federated is refused',
          tests: ['refuses a user name that looks like a federated one'],
        },
        {
          id: 'T16b',
          says: 'Whoever stands under a person id by name is taken for nobody',
          tests: ['is not taken for the person’s where it has the person id as its name'],
        },
        { id: 'T16c', says: 'One that is a UUID, in every pool kind', as: 'T161a' },
        {
          id: 'T16d',
          says: 'One from before us is reported as native',
          open: 'no audit of existing pools is written yet',
        },
      ],
    },
    {
      number: 17,
      title: '`ForceAliasCreation`',
      clauses: [
        {
          id: 'T17a',
          says: 'A later proof is a person of its own with the address and the earlier one keeps theirs without it (T183 overrules the older rule, which refused the newcomer)',
          tests: ['the second prover of an address is another person, and is joined once both sign-ins are shown'],
        },
        {
          id: 'T17b',
          says: 'Where policy asks for more, the later one is nobody until there is more proof',
          tests: [
            'a user who proves an address that another has proven is nobody until there is more proof',
            'of a user who waits for proof names nobody, whatever stood there',
          ],
        },
        { id: 'T17c', says: 'The earlier one’s other sign-in methods still work', as: 'T29a' },
      ],
    },
    {
      number: 18,
      title: 'Unlink lock-out, unlink and relink',
      clauses: [
        {
          id: 'T18a',
          says: 'The last sign-in method stays, also when the last two go at once',
          tests: ['is refused for the last one, also when the last two go at once'],
        },
        {
          id: 'T18b',
          says: 'What was taken off is nobody’s until its user decides',
          tests: [
            'an unlinked method has no person at its next sign-in, until the user decides',
            'and can be linked elsewhere',
          ],
        },
        { id: 'T18c', says: 'A sign-in method of equal assurance stays', open: 'assurance (MFA) is not looked at' },
        {
          id: 'T18d',
          says: 'A profile beside the user goes with its provider',
          tests: ['a provider that has a profile beside the user is taken off whole'],
        },
        {
          id: 'T18e',
          says: 'A user that is gone is no way to sign in',
          tests: [
            'a user that is gone from the pool is no way to sign in, and leaves no password behind',
            'an address stays where the other user of the person was deleted',
            'the last sign-in method is not removed where the other user is closed and a third one deleted',
          ],
        },
        {
          id: 'T18f',
          says: 'A user without a password counts only where a reset opens it',
          tests: [
            'the last sign-in method is not removed where the user has neither password nor address',
            'a user without a password and without an address cannot be reset, and keeps the last provider',
          ],
        },
        {
          id: 'T18g',
          says: 'Only a provider’s link is unlinked',
          tests: ['a user of the pool’s own who waits for a person is no link of that person'],
        },
        {
          id: 'T18h',
          says: 'A temporary password is no sign-in method, and links from before onesub are listed',
          tests: [
            'an invited user whose mailed password has expired is no sign-in method',
            'a provider that was linked before onesub is among the sign-in methods',
            'leaves alone what waits for the person and was never linked',
          ],
        },
      ],
    },
    {
      number: 19,
      title: 'Pre-hijack through migration',
      clauses: [
        {
          id: 'T19a',
          says: 'Who signed up with the address before its owner is moved gets no part in them, under every policy',
          tests: [
            'a squatter who has signed up with the address before its owner is migrated gets nothing of the owner’s',
          ],
        },
        {
          id: 'T19b',
          says: 'A finished move outlives a later squatter',
          tests: [
            'a user who signed in before the end of the migration keeps the ownership against a squatter after it',
          ],
        },
        { id: 'T19c', says: 'The old pool is loaded before the new one opens, and counts agree', open: NOT_YET.move },
      ],
    },
    {
      number: 20,
      title: 'Migration trigger trusts too much',
      clauses: [
        {
          id: 'T20a',
          says: 'An address that the old pool had not verified is not proven by the move',
          tests: ['an address that the old pool had not verified is not proven by the move'],
        },
        {
          id: 'T20b',
          says: 'The migration’s event passes as it came, and no password is reported',
          tests: ['passes our handler as it came: no flag is raised, no password is reported'],
        },
        { id: 'T20c', says: 'Twins by case in the old pool', open: NOT_YET.move },
      ],
    },
    {
      number: 21,
      title: 'Client-supplied data as evidence',
      clauses: [
        {
          id: 'T21a',
          says: 'What the client says beside a sign-up decides nothing',
          tests: ['what the client says beside the sign-up decides nothing'],
        },
        {
          id: 'T21b',
          says: 'Nor beside a confirmation or a sign-in, under every policy',
          tests: ['what a client sends along with a confirmation or a sign-in decides nothing'],
        },
      ],
    },
    {
      number: 22,
      title: 'Forged trigger event, wrong pool',
      clauses: [
        {
          id: 'T22a',
          says: 'Another pool, Region, app client, source or version is refused before the store is asked',
          tests: ['before it asks the store anything, and counts it'],
        },
        {
          id: 'T22b',
          says: 'Only Cognito, for this pool and account, may invoke the functions',
          open: NOT_YET.deployment,
        },
      ],
    },
  ],
}
