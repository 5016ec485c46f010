import type { UserPool } from '../ports.ts'

/** A pool in which nobody is, and where nothing goes wrong. */
export const EMPTY_USER_POOL: UserPool = {
  link: async () => 'gone',
  unlink: async () => {},
  exists: async () => false,
  createShell: async () => undefined,
  findShell: async () => undefined,
  removeProfile: async () => {},
  removeShell: async () => {},
  restoreAddress: async () => {},
}

/** A pool that does the same whatever it is asked. */
export function userPoolThat(always: () => Promise<never>): UserPool {
  return {
    link: always,
    unlink: always,
    exists: always,
    createShell: always,
    findShell: always,
    removeProfile: always,
    removeShell: always,
    restoreAddress: always,
  }
}
