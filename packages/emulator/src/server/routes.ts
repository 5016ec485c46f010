import { type Context, Hono } from 'hono'
import { authorize } from '../managed-login/authorize.ts'
import { confirmForgotPassword, confirmUser, forgotPassword, resendCode } from '../managed-login/code-pages.ts'
import { login } from '../managed-login/login.ts'
import { logout } from '../managed-login/logout.ts'
import { contentSecurityPolicy, errorPage, stylesheet, submitScript } from '../managed-login/page.ts'
import { idpResponse } from '../managed-login/provider-response.ts'
import { samlResponse } from '../managed-login/saml-response.ts'
import { signUp } from '../managed-login/sign-up.ts'
import { choosePersona, makePersona } from '../managed-login/simulated-provider.ts'
import { answerSaml, samlMetadata } from '../managed-login/simulated-saml.ts'
import { revoke } from '../oauth/revoke.ts'
import { token } from '../oauth/token-endpoint.ts'
import { userInfo } from '../oauth/user-info.ts'
import { jwks, openidConfiguration } from '../oauth/well-known.ts'
import { CognitoFault } from '../shared/faults.ts'
import { corsHeaders } from '../shared/loopback.ts'
import type { ServerContext } from './context.ts'

const PAGE = ['GET', 'POST']

/** The routes of OAuth and managed login. `client_id` or the path names the pool. */
export function routesOf(context: ServerContext): Hono {
  const app = new Hono()
  const policy = contentSecurityPolicy(context.frameAncestors)
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(corsHeaders(c.req.header('origin')))) c.header(name, value)
    c.header('Content-Security-Policy', policy)
  })
  app.get('/hosted/style.css', stylesheet)
  app.get('/hosted/submit.js', submitScript)
  app.get('/oauth2/authorize', (c) => authorize(context, c))
  app.on(PAGE, '/login', (c) => login(context, c))
  app.on(PAGE, '/signup', (c) => signUp(context, c))
  app.on(PAGE, '/confirmUser', (c) => confirmUser(context, c))
  app.on(PAGE, '/resendcode', (c) => resendCode(context, c))
  app.on(PAGE, '/forgotPassword', (c) => forgotPassword(context, c))
  app.on(PAGE, '/confirmForgotPassword', (c) => confirmForgotPassword(context, c))
  app.get('/error', (c) =>
    c.html(errorPage(c.req.query('error') ?? 'An error was encountered with the requested page.')),
  )
  app.get('/simulated-provider/authorize', (c) => choosePersona(context, c))
  app.post('/simulated-provider/authorize', (c) => makePersona(context, c))
  app.on(PAGE, '/oauth2/idpresponse', (c) => idpResponse(context, c))
  app.get('/simulated-saml/metadata', (c) => samlMetadata(context, c))
  app.on(PAGE, '/simulated-saml/sso', (c) => answerSaml(context, c))
  app.post('/saml2/idpresponse', (c) => samlResponse(context, c))
  app.post('/oauth2/token', (c) => token(context, c))
  app.post('/oauth2/revoke', (c) => revoke(context, c))
  app.on(PAGE, '/oauth2/userInfo', (c) => userInfo(context, c))
  app.get('/logout', (c) => logout(context, c))
  app.get('/:poolId/.well-known/jwks.json', (c) => jwks(context, c, c.req.param('poolId')))
  app.get('/:poolId/.well-known/openid-configuration', (c) => openidConfiguration(context, c, c.req.param('poolId')))
  app.notFound((c) => c.html(errorPage(`${c.req.path.slice(0, 100)} is not emulated.`), 501))
  app.onError(failed)
  return app
}

function failed(error: Error, c: Context) {
  if (error instanceof CognitoFault) return c.html(errorPage(error.message), 404)
  console.error('onesub-emulator failed inside:', error.stack)
  return c.html(errorPage('The emulator failed; its standard error says why.'), 500)
}
