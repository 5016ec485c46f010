import { type PlantedBug, room, threats } from '../bug.ts'

/** What a provider that is taken off leaves behind, and users who are moved to another tenant. */
export const LEFT_ADDRESS: readonly PlantedBug[] = [
  {
    name: 'T2: the address that only the removed provider stood for stays owned',
    file: 'core/changes/change-for-account.ts',
    find: 'const free = released ?',
    replace: 'const free = released && removes.length > 9 ?',
    by: threats('left-address'),
  },
  {
    name: 'T2: the person keeps the address that was the removed provider’s word',
    file: 'core/changes/change-for-account.ts',
    find: 'const after = { identities, address, notBefore',
    replace: 'const after = { identities, notBefore',
    by: room('core/changes/change-for-account'),
  },
  {
    name: 'T2: a user without a password keeps the address of the removed provider',
    file: 'account/account.ts',
    find: '(user.placeholder ? left.released === undefined : isHeldBy(holder, user))',
    replace: '(user.placeholder ? true : isHeldBy(holder, user))',
    by: threats('left-address'),
  },
  {
    name: 'T2: a reset shows nothing of whose mailbox it is',
    file: 'core/decisions/unlink.ts',
    find: 'if (isSaidByAnother || isByCode) return kept',
    replace: 'if (isSaidByAnother) return kept',
    by: threats('left-address'),
  },
  {
    name: 'T2: what another provider says is released with the first',
    file: 'core/decisions/unlink.ts',
    find: 'if (isSaidByAnother || isByCode) return kept',
    replace: 'if (isByCode) return kept',
    by: threats('left-address'),
  },
  {
    name: 'T2: the word of a provider of another tenant keeps the address',
    file: 'core/decisions/unlink.ts',
    find: 'said === removed.said && within === removed.within',
    replace: 'said === removed.said',
    by: room('core/decisions/unlink'),
  },
  {
    name: 'T2: a renamed provider takes the address along that another one says',
    file: 'core/changes/change-for.ts',
    find: 'saying.length > 0 && saying.every((one) => isAmong(providers, one))',
    replace: 'saying.some((one) => isAmong(providers, one)) || saying.length > 0 || providers.length > 0',
    by: threats('left-address'),
  },
  {
    name: 'T178: a user who is moved changes addresses in the former tenant',
    file: 'triggers/follow-address.ts',
    find: 'if (user && user.within !== event.within) {',
    replace: 'if (user && user.within === undefined && event.within !== undefined) {',
    by: threats('tenants'),
  },
  {
    name: 'T178: an invitation that was moved is linked to its former tenant’s provider',
    file: 'triggers/invited-user.ts',
    find: 'if (within !== event.within) return undefined',
    replace: '',
    by: threats('tenants'),
  },
  {
    name: 'T178: a provider stays in its former tenant',
    file: 'core/changes/change-for.ts',
    find: '(known.said !== one.said || known.within !== one.within)',
    replace: 'known.said !== one.said',
    by: room('core/changes/change-for'),
  },
  {
    name: 'T178: who begins separately is of no tenant ever after',
    file: 'core/changes/change-for.ts',
    find: '...(arrived.within !== undefined && { within: arrived.within })',
    replace: '',
    by: threats('tenants'),
  },
  {
    name: 'T2: an address that a provider has written unseen stays where codes go',
    file: 'account/account.ts',
    find: '|| (user.placeholder === true && holder === null)',
    replace: '',
    by: threats('left-address'),
  },
]
