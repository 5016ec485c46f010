import { type PlantedBug, room } from '../bug.ts'

/** Kinds that somebody else has devised: one path, one order, one default. */
export const OTHER_KINDS: readonly PlantedBug[] = [
  {
    name: 'T78: enumeration-safe looks up who is registered',
    file: 'triggers/pre-sign-up.ts',
    find: "|| policy.existingAccount === 'enumeration-safe') return verdict",
    replace: ') return verdict',
    by: room('triggers/unseen-users'),
  },
  {
    name: 'T167: ask answers an unseen user as link does',
    file: 'triggers/pre-sign-up.ts',
    find: "policy.existingAccount === 'ask' ? 'LINK_NEEDS_PROOF'",
    replace: "policy.existingAccount === 'ask' ? 'IDENTIFIER_TAKEN'",
    by: room('triggers/unseen-users'),
  },
  {
    name: 'T180: under code a password that an administrator chose proves the address',
    file: 'triggers/native-evidence.ts',
    find: "code: ['TokenGeneration_Authentication', 'TokenGeneration_HostedAuth'],",
    replace:
      "code: ['TokenGeneration_Authentication', 'TokenGeneration_HostedAuth', 'TokenGeneration_NewPasswordChallenge'],",
    by: room('triggers/native-evidence'),
  },
  {
    name: 'T156: an administrator’s confirmation owns a number',
    file: 'triggers/native-evidence.ts',
    find: 'return numberEvidence(identifier, event, isByCode)',
    replace: 'return numberEvidence(identifier, event, !isLinked(event))',
    by: room('triggers/native-evidence'),
  },
  {
    name: 'T157: keep replaces a password in doubt',
    file: 'triggers/federation.ts',
    find: "decision.acquisitions.length > 0 && policy.passwordBeforeProof !== 'keep'",
    replace: 'decision.acquisitions.length > 0',
    by: room('triggers/federation'),
  },
  {
    name: 'T157: always replaces the password at each further provider',
    file: 'triggers/federation.ts',
    find: 'identities.every(({ provider }) => provider === COGNITO)',
    replace: 'identities.some(({ provider }) => provider === COGNITO)',
    by: room('triggers/federation'),
  },
  {
    name: 'T157: whatever the browser says of a contest counts as yes',
    file: 'triggers/event.ts',
    find: "metadataIn(request, CONTESTED_MARKER) === 'true'",
    replace: 'metadataIn(request, CONTESTED_MARKER) !== undefined',
    by: room('triggers/handler'),
  },
  {
    name: 'T161: a person’s id in capitals is free to choose',
    file: 'triggers/pre-sign-up.ts',
    find: 'parsePersonId(userName.toLowerCase())',
    replace: 'parsePersonId(userName)',
    by: room('triggers/handler'),
  },
  {
    name: 'T158: a sign-in in the last second before a recovery stands',
    file: 'core/fresh-proof.ts',
    find: 'at + SECOND_MS <= notBefore',
    replace: 'at + SECOND_MS < notBefore',
    by: room('core/fresh-proof'),
  },
  {
    name: 'T85: a change of address that was overtaken is told as done',
    file: 'account/address.ts',
    find: ".outcome === 'committed') return",
    replace: '.outcome) return',
    by: room('account/address'),
  },
  {
    name: 'T88: an overtaken link has changed Cognito',
    file: 'account/account.ts',
    find: "await commit(linking(links, moving, changeContextOf('link', identity)))\n",
    replace:
      "await unify(links, [], userPool)\n      await commit(linking(links, moving, changeContextOf('link', identity)))\n",
    by: room('account/account'),
  },
  {
    name: 'a merge leaves behind the address that the sign-in shows',
    file: 'account/account.ts',
    find: 'for (const address of [owner.address, email]) {',
    replace: 'for (const address of [owner.address ?? email]) {',
    by: room('account/account'),
  },
  {
    name: 'T157: the sessions end before the password is replaced',
    file: 'user-pool/adapter.ts',
    find: 'await api.adminSetUserPassword({ ...named(user), Password: unknownPassword(), Permanent: true })\n      await api.adminUserGlobalSignOut(named(user))',
    replace:
      'await api.adminUserGlobalSignOut(named(user))\n      await api.adminSetUserPassword({ ...named(user), Password: unknownPassword(), Permanent: true })',
    by: room('user-pool/adapter'),
  },
  {
    name: 'T168: a lazy registry admits each pool',
    file: 'registry/lazy.ts',
    find: 'admit: async (userPoolId) => (await opened()).admit?.(userPoolId)',
    replace: 'admit: async (userPoolId) => void (await opened(), userPoolId)',
    by: room('registry/lazy'),
  },
  {
    name: 'a join that ends a doubt takes the provider’s spelling',
    file: 'core/changes/change-for.ts',
    find: 'person.address ?? context.address',
    replace: 'context.address ?? person.address',
    by: room('core/changes/change-for'),
  },
  {
    name: 'a first identity that is unknown is written as if it had no row',
    file: 'core/changes/change-for.ts',
    find: 'revision: isFirstKnown ? 0 : revision',
    replace: 'revision: 0 * (isFirstKnown ? 0 : revision)',
    by: room('core/changes/change-for'),
  },
  {
    name: 'T178: a person of several tenants is seen in one',
    file: 'core/tenant.ts',
    find: '[...new Set(identities.map(({ within }) => within))]',
    replace: '[...new Set(identities.map(({ within }) => within))].slice(-1)',
    by: room('core/tenant'),
  },
]
