import { integration, type PlantedBug, room } from '../bug.ts'

/** What the articles do. */
export const ARTICLES: readonly PlantedBug[] = [
  {
    name: 'list, then allow: the claim is written whatever stands there',
    file: 'registry/memory/registry.ts',
    find: 'if (change.writes.every((write, at) => (rows[at]?.revision ?? 0) === write.expectedRevision)) {',
    replace: 'if (change.writes.length > 0) {',
    by: 'sim',
  },
  {
    name: 'filter by template: only the spelling that was typed is looked for',
    file: 'core/identifiers/email.ts',
    find: 'const mailbox = lowerAscii(local)',
    replace: 'const mailbox = local',
    by: 'sim',
  },
  {
    name: 'auto-verify: whoever types an address has proven it',
    file: 'triggers/identifiers-in-event.ts',
    find: "return identifier ? [{ kind: 'stated' as const, identifier, rank: 0 as const }] : []",
    replace: "return identifier ? [{ kind: 'proven' as const, identifier, rank: 3 as const } as never] : []",
    by: room('triggers/handler'),
  },
  {
    name: 'split at the underscore: the subject ends at the next one',
    file: 'triggers/provider-user-name.ts',
    find: 'const rest = userName.slice(provider.length + 1)',
    replace: "const rest = userName.split('_')[1] ?? ''",
    by: room('triggers/provider-user-name'),
  },
  {
    name: 'already linked is taken for success',
    file: 'user-pool/adapter.ts',
    find: "if (isLinked(identity, links)) return 'linked'",
    replace: "if (links.length >= 0) return 'linked'",
    by: room('user-pool/adapter'),
  },
  {
    name: 'the token is decoded and not verified',
    file: 'verify/token-check.ts',
    find: "if (!isSigned(signed, signature, key)) throw invalid('signature')",
    replace: '',
    by: room('verify/person-verifier'),
  },
  {
    name: 'the address is the primary key: a person is joined by what a provider says without vouching',
    file: 'core/decisions/federation.ts',
    find: "if (evidence.kind === 'stated') return APART\n  if (!holder)",
    replace:
      "if (evidence.kind === 'stated')\n    return holder ? { kind: 'link-identity', person: holder, because: evidence as never, takes: [] } : APART\n  if (!holder)",
    by: 'sim',
  },
  {
    name: 'every provider vouches: the verified flag is not looked at',
    file: 'core/provider-trust.ts',
    find: "verified === undefined ? undefined : verified === true || verified === 'true'",
    replace: 'verified === undefined ? undefined : Boolean(verified)',
    by: 'sim',
  },
  {
    name: 'Facebook is the authority for every address',
    file: 'core/provider-kinds.ts',
    find: '(isRaised ? 2 : 1)\n\n',
    replace: '(isRaised ? 3 : 3)\n\n',
    by: 'sim',
  },
  {
    name: 'the user that we make is verified without evidence',
    file: 'triggers/primary-user.ts',
    find: 'if (!fact || !isProvenBy(ownership, person.id)) return undefined',
    replace: 'if (!fact || !ownership) return undefined',
    by: room('triggers/federation'),
  },
  {
    name: 'the subject is not compared with the provider in the token',
    file: 'account/sign-in.ts',
    find: 'return only?.primary && only.provider !== COGNITO ? only : undefined',
    replace: 'return only && only.provider !== COGNITO ? only : undefined',
    by: room('account/sign-in'),
  },
  {
    name: 'a link that an administrator could steer: by a mapped attribute, not by the subject',
    file: 'user-pool/adapter.ts',
    find: "const BY_SUBJECT = 'Cognito_Subject'",
    replace: "const BY_SUBJECT = 'email'",
    by: room('user-pool/adapter'),
  },
  {
    name: 'delete the profile: without a look whether it has become a native user',
    file: 'user-pool/adapter.ts',
    find: 'if (isOwnProfile) await api.adminDeleteUser(named(user))',
    replace: 'if (found || isOwnProfile) await api.adminDeleteUser(named(user))',
    by: room('user-pool/adapter'),
  },
  {
    name: 'any nested sign-up is taken for ours',
    file: 'triggers/pre-sign-up.ts',
    find: "const isOurs = status.kind === 'owned' && status.ownership.opId === marker",
    replace: "const isOurs = status.kind === 'owned' && marker !== undefined",
    by: integration('linking'),
  },
]
