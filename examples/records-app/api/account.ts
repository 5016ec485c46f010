import { Hono } from 'hono'
import { parsePersonId } from 'onesub'
import type { Account } from 'onesub/account'
import type { RecordStore } from './records.ts'

/** What the account page asks. Every call verifies the tokens it is given; nothing here believes an id or an address that a page sends. */
export function accountRoutes(account: Account, records: RecordStore): Hono {
  const routes = new Hono()

  routes.get('/', async (c) => c.json(await account.signInMethods(bearer(c.req.header('authorization')))))

  // `idToken` is of the second sign-in: that the other sign-in method belongs to the same user.
  routes.post('/offers', async (c) => {
    const additionIdToken = text(await body(c.req), 'idToken')
    const offer = await account.offerLink({ accessToken: bearer(c.req.header('authorization')), additionIdToken })
    if (offer === 'linked') return c.json({ linked: true })
    return c.json({ ...offer, records: offer.merges ? records.count(offer.merges) : 0 })
  })

  routes.post('/links', async (c) => {
    const given = await body(c.req)
    const merges = parsePersonId(text(given, 'merges')) ?? null
    const accessToken = bearer(c.req.header('authorization'))
    const { person, merged } = await account.acceptLink({ accessToken, proof: text(given, 'proof'), merges })
    // Of the answer, not of the request: what a page names could be anybody's.
    if (merged) records.move(merged, person)
    return c.json({ person })
  })

  routes.post('/unlink', async (c) => {
    const given = await body(c.req)
    const way = { provider: text(given, 'provider'), subject: text(given, 'subject') }
    return c.json(await account.unlink({ accessToken: bearer(c.req.header('authorization')), ...way }))
  })

  // The new address counts once the code from its mailbox came back; until then the user keeps the former one.
  routes.post('/address', async (c) => {
    const address = text(await body(c.req), 'address')
    return c.json(await account.changeAddress({ accessToken: bearer(c.req.header('authorization')), address }))
  })

  routes.post('/address/confirm', async (c) => {
    const given = await body(c.req)
    const asked = { proof: text(given, 'proof'), code: text(given, 'code') }
    return c.json(await account.confirmAddress({ accessToken: bearer(c.req.header('authorization')), ...asked }))
  })

  // Of the sign-in method without a person: it has no account whose access token could be asked for.
  routes.post('/start-separate-person', async (c) =>
    c.json(await account.startSeparatePerson(text(await body(c.req), 'idToken'))),
  )

  return routes
}

/** RFC 6750, section 2.1; the empty text is a token that no verifier takes. */
function bearer(authorization: string | undefined): string {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
}

const body = (request: { json(): Promise<unknown> }): Promise<unknown> => request.json().catch(() => undefined)

function text(given: unknown, name: string): string {
  const value: unknown = Reflect.get(Object(given), name)
  return typeof value === 'string' ? value : ''
}
