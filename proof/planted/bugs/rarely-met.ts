import { type PlantedBug, room } from '../bug.ts'

const rarelyMet = room('triggers/rarely-met')

/** Bugs that somebody has planted and no test had seen: states that are seldom met. */
export const RARELY_MET: readonly PlantedBug[] = [
  {
    name: 'a chain of merges is followed for one step',
    file: 'triggers/decide-and-commit.ts',
    find: 'const MOST_MERGES = 8',
    replace: 'const MOST_MERGES = 1',
    by: rarelyMet,
  },
  {
    name: 'T166: a number that was only typed holds it',
    file: 'triggers/abandoned-identifiers.ts',
    find: ': isSame && phoneVerified',
    replace: ': isSame',
    by: rarelyMet,
  },
  {
    name: 'a person who has just come is gone where another pool has a user of theirs',
    file: 'triggers/abandoned-identifiers.ts',
    find: 'native && pool === userPoolId)',
    replace: 'native && pool !== undefined && userPoolId !== undefined)',
    by: rarelyMet,
  },
  {
    name: 'a person who has just come is gone because the provider’s profile is in the pool',
    file: 'triggers/abandoned-identifiers.ts',
    find: 'native && pool === userPoolId)',
    replace: '(native || pool !== undefined) && pool === userPoolId)',
    by: rarelyMet,
  },
  {
    name: 'T175: a change of address that was overtaken is not followed',
    file: 'triggers/follow-address.ts',
    find: "if (result?.outcome === 'overtaken') continue",
    replace: '',
    by: rarelyMet,
  },
  {
    name: 'a placeholder user that another run is making is given up',
    file: 'triggers/primary-user.ts',
    find: "if (native === 'contested') continue",
    replace: "if (native === 'contested') return undefined",
    by: rarelyMet,
  },
  {
    name: 'a placeholder user of another pool is looked for',
    file: 'triggers/primary-user.ts',
    find: 'holder.pool === pool &&',
    replace: '',
    by: rarelyMet,
  },
  {
    name: 'whoever has the prover’s name of another pool is linked to',
    file: 'triggers/primary-user.ts',
    find: 'holder?.pool === pool && one.userName === holder.userName',
    replace: 'one.userName === holder?.userName',
    by: rarelyMet,
  },
  {
    name: 'T178: the registry does not know the tenant of a placeholder user',
    file: 'triggers/primary-user.ts',
    find: '    ...tenantIn(event),',
    replace: '',
    by: rarelyMet,
  },
  {
    name: 'the mark is put back where it stands',
    file: 'triggers/phases.ts',
    find: "event.source === 'TokenGeneration_HostedAuth' && !isMarked(",
    replace: "event.source === 'TokenGeneration_HostedAuth' && isMarked(",
    by: rarelyMet,
  },
  {
    name: 'a report of a token does not say who would be joined',
    file: 'triggers/phases.ts',
    find: '      ...(would && { would }),\n      ...(about && { about }),\n    }\n  },\n  // A token',
    replace: '      ...(would && { would }),\n    }\n  },\n  // A token',
    by: rarelyMet,
  },
  {
    name: 'T157: a proof that takes over an invitation leaves no doubt about the password',
    file: 'triggers/post-confirmation.ts',
    find: '!supersedes && ownershipUnder(status)',
    replace: 'supersedes !== undefined && ownershipUnder(status)',
    by: rarelyMet,
  },
]
