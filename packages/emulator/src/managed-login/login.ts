import type { Context } from 'hono'
import { html } from 'hono/html'
import { signInWithPassword } from '../authentication/password-sign-in.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import { challengeAgain, challengePage, isChallengeForm, respondToChallenge } from './challenge.ts'
import type { ManagedLoginContext } from './context.ts'
import { formPage, link } from './form.ts'
import { type Markup, page } from './page.ts'
import { redirectAfterSignIn } from './redirect-to-client.ts'
import { type Visitor, visit } from './visitor.ts'

/** The sign-in page: local users sign in here, others choose a provider. */
export const login = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(loginPage(visitor)), signIn)

function loginPage(visitor: Visitor, complaint?: string): Markup {
  const { c, clientInPool, search, form } = visitor
  const names = clientInPool.client.settings.identityProviders
  const providers = providerLinks(visitor)
  if (!names.includes('COGNITO')) return page('Sign in', html`<nav aria-label="Ways to sign in">${providers}</nav>`)
  const mayJoin = !clientInPool.pool.settings.onlyAdminsCreateUsers
  return formPage(c, {
    title: 'Sign in',
    action: `/login${search}`,
    complaint,
    notice: c.req.query('confirmed') === undefined ? undefined : 'Done. You can sign in now.',
    fields: [
      {
        name: 'username',
        label: usernameLabel(visitor),
        autocomplete: 'username',
        value: form.username ?? hint(visitor),
      },
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
    ],
    submit: 'Sign in',
    after: html`${link(`/forgotPassword${search}`, 'Forgot your password?')}
      ${mayJoin ? link(`/signup${search}`, 'No account yet? Sign up') : ''}
      ${names.length > 1 ? html`<h2 id="others">Or</h2><nav aria-labelledby="others">${providers}</nav>` : ''}`,
  })
}

const hint = ({ c }: Visitor) => c.req.query('login_hint') ?? ''

export function usernameLabel({ clientInPool: { pool } }: Visitor): string {
  const { usernameAttributes } = pool.configuration
  if (usernameAttributes.length > 1) return 'E-mail address or phone number'
  if (usernameAttributes.length === 0) return 'Username'
  return usernameAttributes[0] === 'email' ? 'E-mail address' : 'Phone number'
}

function providerLinks({ c, clientInPool }: Visitor): Markup {
  const providers = clientInPool.client.settings.identityProviders.filter((name) => name !== 'COGNITO')
  const links = providers.map((name) => {
    const query = new URLSearchParams({ ...c.req.query(), identity_provider: name })
    return html`<li><a class="button" href="/oauth2/authorize?${query.toString()}">Continue with ${name}</a></li>`
  })
  return html`<ul>${links}</ul>`
}

async function signIn(visitor: Visitor): Promise<Response> {
  if (isChallengeForm(visitor)) {
    const askAgain = (complaint: string) => challengeAgain(visitor, complaint)
    return await finishOrAskFurther(visitor, askAgain, () => respondToChallenge(visitor))
  }
  const again = (complaint: string) => loginPage(visitor, complaint)
  const { context, clientInPool, form } = visitor
  const credentials = { typed: form.username ?? '', password: form.password ?? '', metadata: undefined }
  return await finishOrAskFurther(visitor, again, () =>
    signInWithPassword(context, clientInPool, credentials, 'TokenGeneration_HostedAuth'),
  )
}

const DETOURS: Readonly<Record<string, string>> = {
  UserNotConfirmedException: '/confirmUser',
  PasswordResetRequiredException: '/forgotPassword',
}

/** Redirects to the client, or shows the next challenge, the page that the error leads to, or the error above the form. */
export async function finishOrAskFurther(
  visitor: Visitor,
  again: (complaint: string) => Markup,
  act: () => Promise<JsonRecord>,
): Promise<Response> {
  const { c, search, form } = visitor
  try {
    return await arrived(visitor, await act())
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    const detour = DETOURS[error.type]
    if (detour === undefined) return await c.html(again(error.message), 400)
    return c.redirect(`${detour}${search}&username=${encodeURIComponent(form.username ?? '')}`)
  }
}

async function arrived(visitor: Visitor, result: JsonRecord): Promise<Response> {
  const { context, c, clientInPool, request } = visitor
  const user = isText(result.SignedIn) ? clientInPool.pool.users.byUsername(result.SignedIn) : undefined
  if (!user) return await c.html(challengePage(visitor, result))
  return await redirectAfterSignIn(context, c, clientInPool, request, { user, providerName: 'COGNITO' })
}
