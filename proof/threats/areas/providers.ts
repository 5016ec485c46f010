import type { Area } from '../clauses.ts'
import { NOT_YET } from '../reasons.ts'

export const PROVIDERS: Area = {
  name: 'Identity-provider evidence',
  threats: [
    {
      number: 23,
      title: 'nOAuth: mutable, unverified email from Entra ID',
      clauses: [
        {
          id: 'T23a',
          says: 'A flag that is absent, false or "0", or a domain that is not the provider’s own, joins nobody: every policy and pool kind, both orders, InboundFederation or not',
          tests: [
            'of a domain that is not its own, with the flag',
            'what is less than proof, coming second',
            'what is less than proof, coming first',
          ],
        },
        {
          id: 'T23b',
          says: 'A provider that counts as vouching joins nobody without proof',
          tests: ['a provider that counts as vouching joins nobody either'],
        },
        {
          id: 'T23c',
          says: 'The issuer is pinned to one tenant',
          open: `the issuer is the pool’s setting; ${NOT_YET.doctor}`,
        },
      ],
    },
    {
      number: 24,
      title: 'Google: a verified address that Google is not the authority for; re-registered domains',
      clauses: [
        {
          id: 'T24a',
          says: 'Google proves gmail.com and the very domain that it hosts, and nothing else: every policy and pool kind, both orders, InboundFederation or not',
          tests: [
            'Google is no authority for an address elsewhere, nor for one below the domain that it hosts',
            'does not vouch for a domain that it does not host',
            'what is less than proof, coming second',
            'what is less than proof, coming first',
          ],
        },
        {
          id: 'T24b',
          says: 'A known address under an unknown subject is nobody until there is proof',
          tests: [
            'who has bought a domain and created its mailboxes again',
            'another Google account with the same address has no person until it has proven more',
          ],
        },
        {
          id: 'T24c',
          says: 'Proof joins under the policy that links, and makes nobody a stranger’s',
          tests: ['proof by the authority is never somebody else’s', 'proof by the authority, coming first'],
        },
        {
          id: 'T24d',
          says: 'A key that is unused for long becomes weaker when its domain’s proof fails',
          open: 'dormancy is not looked at',
        },
      ],
    },
    {
      number: 25,
      title: 'Unstable subject and the lure of falling back to email',
      clauses: [
        {
          id: 'T25a',
          says: 'Another subject is joined by proof of the account, never by its address',
          tests: [
            'the same provider under another subject is joined by proof of the account, never by the address',
            'a changed subject has no person until the user proves the account',
          ],
        },
        {
          id: 'T25b',
          says: 'The old subject points to the new one',
          open: 'an operator’s command for moved subjects is not written yet',
        },
      ],
    },
    {
      number: 26,
      title: 'Facebook and others without a verified flag',
      clauses: [
        {
          id: 'T26a',
          says: 'Without a flag a provider claims nothing: every policy and pool kind, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
        {
          id: 'T26b',
          says: 'Raised by name it still joins nobody',
          tests: ['sends no flag: it joins nobody, raised or not'],
        },
        {
          id: 'T26c',
          says: 'It is never raised to proof',
          tests: ['a policy that raises a provider to proof is refused at load', 'is refused at load: E3 for Facebook'],
        },
      ],
    },
    {
      number: 27,
      title: 'Apple: relay address, one-time profile, transfers',
      clauses: [
        {
          id: 'T27a',
          says: 'A relay address joins nobody, and is kept when Apple stops sending it',
          tests: ['a relay address is contact data: it is kept when Apple stops sending it, and joins nobody'],
        },
        {
          id: 'T27b',
          says: 'Every policy and pool kind, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
        {
          id: 'T27c',
          says: 'Apple proves its own domains',
          tests: ['proof by the authority is never somebody else’s'],
        },
        {
          id: 'T27d',
          says: 'Transfers of an app are an operator’s plan',
          open: 'an operator’s command for moved subjects is not written yet',
        },
      ],
    },
    {
      number: 28,
      title: 'The provider itself fails',
      clauses: [
        {
          id: 'T28a',
          says: 'Whatever a hostile provider says, nobody is the victim, in three pool kinds, twice, InboundFederation or not',
          tests: ['does not become the victim'],
        },
        {
          id: 'T28b',
          says: 'Role mailboxes are nobody’s at any provider',
          tests: [
            'a mailbox that many people read proves nobody, whoever is its authority',
            'is nobody in particular, even at the domain’s own provider',
          ],
        },
        {
          id: 'T28c',
          says: 'A switch for a provider in doubt, and a list of links since a time',
          open: "`trust: 'none'` is the only switch; quarantine since a time is not written yet",
        },
      ],
    },
    {
      number: 29,
      title: 'Mailbox given to another person',
      clauses: [
        {
          id: 'T29a',
          says: 'The next owner who proves the mailbox is somebody else with the address; the former one keeps the person and the other sign-in methods',
          tests: ['its next owner signs up and enters the code, and is somebody else'],
        },
        {
          id: 'T29b',
          says: 'By a change too, under every policy',
          tests: ['the second prover of an address, by a change, owns it'],
        },
        { id: 'T29c', says: 'In every pool kind where Cognito lets two users have it', as: 'T183a' },
        {
          id: 'T29d',
          says: 'A recovery by mailbox alone waits where there is another factor',
          open: 'Cognito’s own recovery is not delayed',
        },
        { id: 'T29e', says: 'The former owner is told by an event', as: 'T183b' },
      ],
    },
    {
      number: 30,
      title: 'Recycled phone number',
      clauses: [
        {
          id: 'T30a',
          says: 'One number on two users joins them under no policy tried (enumeration-safe), whether numbers are unique or not',
          tests: ['one number on two users joins them under no policy'],
        },
        {
          id: 'T30b',
          says: 'The same under every policy',
          tests: ['one number on two users joins them not, under the policy'],
        },
        {
          id: 'T30c',
          says: 'A number alone recovers nobody',
          open: `Cognito’s own recovery decides; ${NOT_YET.doctor}`,
        },
      ],
    },
    {
      number: 31,
      title: "The user's own domain lapses",
      clauses: [
        {
          id: 'T31a',
          says: 'Who has bought the domain shows neither form nor Workspace account what it takes, where policy asks for both',
          tests: ['the buyer of a domain cannot present both the form’s and the Workspace account’s proof'],
        },
        {
          id: 'T31b',
          says: 'The later proof, by a change, owns the address, and the earlier one stays who it was, under every policy',
          tests: ['the second prover of an address, by a change, owns it'],
        },
        {
          id: 'T31c',
          says: 'Privileged accounts are not recovered by mailbox alone',
          open: 'groups are not looked at',
        },
      ],
    },
    {
      number: 32,
      title: 'Enterprise IdP speaks for foreign domains',
      clauses: [
        {
          id: 'T32a',
          says: 'A provider proves the addresses of its proven domains, by the whole name and in any letters',
          tests: ['an enterprise provider proves addresses of its own domain, by the whole name and in any letters'],
        },
        {
          id: 'T32b',
          says: 'No foreign, lower or longer domain: every policy and pool kind, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
        {
          id: 'T32c',
          says: 'Of its own domains it does, under the policy that links',
          tests: ['proof by the authority is never somebody else’s'],
        },
      ],
    },
    {
      number: 33,
      title: 'Stringly typed flags',
      clauses: [
        {
          id: 'T33a',
          says: 'Only true and "true" are a yes, among all values that JSON can hold',
          tests: ['only true and "true" are a yes, among all values that JSON can hold'],
        },
        {
          id: 'T33b',
          says: 'What else a provider sends is no proof of an address, over HTTP',
          tests: [
            'is no word for an address',
            'the flag true is',
            'the flag "true" is',
            'counts an address as unverified when the flag is',
          ],
        },
        {
          id: 'T33c',
          says: 'Every flagged provider kind, policy and pool kind, both orders, InboundFederation or not',
          tests: ['what is less than proof, coming second', 'what is less than proof, coming first'],
        },
      ],
    },
    {
      number: 34,
      title: 'A token meant for another app',
      clauses: [
        {
          id: 'T34a',
          says: 'A provider’s own token opens nothing of ours',
          tests: ['a provider’s own token opens nothing of ours'],
        },
        {
          id: 'T34b',
          says: 'Nor an ID token where an access token is asked for',
          tests: ['nor does an ID token where an access token is asked for'],
        },
      ],
    },
  ],
}
