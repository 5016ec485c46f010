import { type Context, Hono } from 'hono'
import type { Desk } from '../desk.ts'
import { CognitoFault } from '../faults.ts'
import { corsHeaders } from '../loopback.ts'
import { authorize, login } from './authorize.ts'
import { idpResponse } from './idp-response.ts'
import { logout } from './logout.ts'
import { errorPage } from './page.ts'
import { choosePersona } from './simulated-provider.ts'
import { token } from './token-endpoint.ts'
import { userInfo } from './user-info.ts'
import { jwks, openidConfiguration } from './well-known.ts'

/** Everything a browser or an OAuth client asks for; the pool is found by `client_id`, or stands in the path. */
export function hostedPages(desk: Desk): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(corsHeaders(c.req.header('origin')))) c.header(name, value)
  })
  app.get('/oauth2/authorize', (c) => authorize(desk, c))
  app.get('/login', (c) => login(desk, c))
  app.get('/simulated-provider/authorize', (c) => choosePersona(desk, c))
  app.get('/oauth2/idpresponse', (c) => idpResponse(desk, c))
  app.post('/oauth2/token', (c) => token(desk, c))
  app.on(['GET', 'POST'], '/oauth2/userInfo', (c) => userInfo(desk, c))
  app.get('/logout', (c) => logout(desk, c))
  app.get('/:poolId/.well-known/jwks.json', (c) => jwks(desk, c, c.req.param('poolId')))
  app.get('/:poolId/.well-known/openid-configuration', (c) => openidConfiguration(desk, c, c.req.param('poolId')))
  app.notFound((c) => c.html(errorPage(`${c.req.path.slice(0, 100)} is not emulated.`), 501))
  app.onError(failed)
  return app
}

function failed(error: Error, c: Context) {
  if (error instanceof CognitoFault) return c.html(errorPage(error.message), 404)
  console.error('onesub-emulator failed inside:', error.stack)
  return c.html(errorPage('The emulator failed; its standard error says why.'), 500)
}
