import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy.ts'
import { parseEvent } from './event.ts'
import { inboundArrival } from './federated-arrival.ts'
import { triggerEvent } from './testing/events.ts'

const policy = parsePolicy({
  providers: { Okta: { kind: 'oidc', domains: ['example.com'] } },
})
const ADA = 'ada@example.com'

/** What InboundFederation sees: two documents, of which users may write the one that is not signed. */
function arrives(idToken: Record<string, unknown>, userInfo: Record<string, unknown> = {}) {
  const event = triggerEvent({ source: 'InboundFederation_ExternalProvider', userName: 'Okta_1' })
  const request = { providerName: 'Okta', attributes: { idToken, userInfo } }
  return inboundArrival(parseEvent({ ...event, request }), policy)
}

describe('T153: two documents of one sign-in', () => {
  it('that agree prove what either says', () => {
    const says = { sub: '1', email: ADA, email_verified: true }
    expect(arrives(says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives(says, says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives({ sub: '1' }, says)?.address).toMatchObject({ kind: 'proven' })
    expect(arrives(says, { ...says, email: ADA.toUpperCase() })?.address).toMatchObject({ kind: 'proven' })
  })

  it.each([
    ['the flag in the ID token, the address in userInfo', { sub: '1', email_verified: true }, { email: ADA }],
    ['the address in the ID token, the flag in userInfo', { sub: '1', email: ADA }, { email_verified: true }],
    [
      'two addresses',
      { sub: '1', email: ADA, email_verified: true },
      { email: 'eve@example.com', email_verified: true },
    ],
    [
      'two addresses, of which the signed one is not verified',
      { sub: '1', email: 'eve@example.com', email_verified: false },
      { email: ADA, email_verified: true },
    ],
  ])('prove nothing by %s', (_, idToken, userInfo) => {
    expect(arrives(idToken, userInfo)?.address).toMatchObject({ kind: 'stated' })
  })

  it('the signed one goes first, for the address and for the subject', () => {
    const arrival = arrives({ sub: '1', email: 'eve@example.com' }, { sub: '2', email: ADA })
    expect(arrival).toMatchObject({ identity: { subject: '1' }, spelled: 'eve@example.com' })
    expect(arrives({ email: ADA }, { sub: '2' })).toMatchObject({ identity: { subject: '2' } })
  })
})
