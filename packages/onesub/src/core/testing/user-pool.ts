import type { UserPool } from '../ports.ts'

/** A pool in which nobody is, and where nothing goes wrong. */
export const EMPTY_USER_POOL: UserPool = {
  link: async () => 'gone',
  unlink: async () => {},
  find: async () => undefined,
  hasAddress: async () => false,
  namesAreChosen: async () => false,
  keepsOriginal: async () => true,
  createPlaceholderUser: async () => undefined,
  findPlaceholderUser: async () => undefined,
  removeProfile: async () => {},
  removePlaceholderUser: async () => {},
  restoreAddress: async () => {},
  unverifyAddress: async () => {},
  replacePassword: async () => {},
  signOut: async () => {},
}

/** A pool that does the same whatever it is asked. */
export function userPoolThat(always: () => Promise<never>): UserPool {
  return {
    link: always,
    unlink: always,
    find: always,
    hasAddress: always,
    namesAreChosen: always,
    keepsOriginal: always,
    createPlaceholderUser: always,
    findPlaceholderUser: always,
    removeProfile: always,
    removePlaceholderUser: always,
    restoreAddress: always,
    unverifyAddress: always,
    replacePassword: always,
    signOut: always,
  }
}
