import type { NewRecord, TrainingRecord } from '../../api/training-record.ts'
import type { Session } from './session.ts'

export interface SignInMethod {
  readonly provider: string
  readonly subject: string
  readonly removable: boolean
}

export interface SignInMethods {
  readonly password: 'set' | 'resettable' | 'none'
  readonly ways: readonly SignInMethod[]
}

/** What the user is asked to agree to; see `Offer` in `onesub/account`. */
export interface LinkOffer {
  readonly proof: string
  readonly providers: readonly string[]
  readonly label: string | null
  readonly merges: string | null
  /** How many records the other account has. */
  readonly records: number
}

export interface Api {
  records(): Promise<readonly TrainingRecord[]>
  add(record: NewRecord): Promise<void>
  remove(id: string): Promise<void>
  signInMethods(): Promise<SignInMethods>
  offerLink(idToken: string): Promise<LinkOffer | 'linked'>
  acceptLink(offer: LinkOffer): Promise<void>
  unlink(way: SignInMethod): Promise<void>
  startSeparatePerson(): Promise<void>
  /** Has a code sent to the new address; the answer is for `confirmAddress`. */
  changeAddress(address: string): Promise<string>
  confirmAddress(proof: string, code: string): Promise<void>
}

/** The server of this page, which is ours: what it answers has the form that `api/` gives it. */
export function openApi(session: Session): Api {
  const call = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const tokens = await session.tokens()
    const response = await fetch(`/api${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens?.accessToken ?? ''}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = response.status === 204 ? undefined : await response.json()
    // With its code, where `readRefusal` finds it.
    if (!response.ok) throw Object.assign(new Error(response.statusText), { cause: answer })
    return answer as Answer
  }
  return {
    records: async () => (await call<{ records: readonly TrainingRecord[] }>('GET', '/records')).records,
    add: (record) => call('POST', '/records', record),
    remove: (id) => call('DELETE', `/records/${encodeURIComponent(id)}`),
    signInMethods: () => call('GET', '/account'),
    offerLink: async (idToken) => {
      const answer = await call<LinkOffer | { readonly linked: true }>('POST', '/account/offers', { idToken })
      return 'linked' in answer ? 'linked' : answer
    },
    acceptLink: ({ proof, merges }) => call('POST', '/account/links', { proof, merges }),
    unlink: ({ provider, subject }) => call('POST', '/account/unlink', { provider, subject }),
    startSeparatePerson: async () =>
      call('POST', '/account/start-separate-person', { idToken: (await session.tokens())?.idToken }),
    changeAddress: async (address) =>
      (await call<{ readonly proof: string }>('POST', '/account/address', { address })).proof,
    confirmAddress: (proof, code) => call('POST', '/account/address/confirm', { proof, code }),
  }
}
