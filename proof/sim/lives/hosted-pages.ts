import { authorize } from '../../../packages/onesub/src/browser/authorize.ts'

const APP = {
  domain: 'https://pool.example.com',
  clientId: 'web',
  redirectUris: ['https://app.example.com/back'],
  scopes: undefined,
  returnPaths: ['/'],
  rememberSignInMethod: false,
  acrValues: undefined,
}

/** Whether the cookie of the hosted pages answers an application that asks for a sign-in to be linked: `prompt=login` keeps it from that. */
export async function cookieMayAnswer(provider: string): Promise<boolean> {
  const asked: string[] = []
  const page = {
    origin: 'https://app.example.com',
    href: 'https://app.example.com/',
    hostname: 'app.example.com',
    pathname: '/',
    assign: (url: string) => void asked.push(url),
  }
  const tab = new Map<string, string>()
  const store = {
    setItem: (key: string, value: string) => void tab.set(key, value),
    getItem: (key: string) => tab.get(key) ?? null,
    removeItem: (key: string) => void tab.delete(key),
  }
  Object.defineProperty(globalThis, 'location', { value: page, configurable: true })
  Object.defineProperty(globalThis, 'sessionStorage', { value: store, configurable: true })
  await authorize(APP, { provider, returnTo: '/', purpose: 'link', again: false, fresh: true })
  return new URL(asked[0] ?? 'https://nowhere').searchParams.get('prompt') !== 'login'
}
