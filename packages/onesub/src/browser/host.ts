/**
 * The few things of a browser that this room touches, each behind a function: importing the room on a server touches none of them.
 * Described by hand, since TypeScript's DOM library goes to a whole package, and the rest of this one runs in Node.
 */
interface PageLocation {
  readonly href: string
  readonly origin: string
  readonly hostname: string
  readonly pathname: string
  assign(url: string): void
}

interface PageHistory {
  readonly state: unknown
  replaceState(state: unknown, unused: string, url: string): void
}

/** Web Storage: what both of the browser's stores have in common. */
export interface KeyValues {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

interface Databases {
  deleteDatabase(name: string): {
    onsuccess: (() => void) | null
    onerror: (() => void) | null
    onblocked: (() => void) | null
  }
}

declare const location: PageLocation
declare const history: PageHistory
declare const document: { cookie: string }
declare const localStorage: KeyValues
declare const sessionStorage: KeyValues
declare const indexedDB: Databases

export const pageLocation = (): PageLocation => location
export const pageHistory = (): PageHistory => history
export const pageDocument = (): { cookie: string } => document
export const storeOfBrowser = (): KeyValues => localStorage
export const storeOfTab = (): KeyValues => sessionStorage
export const databases = (): Databases => indexedDB
