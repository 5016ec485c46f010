import type { Context } from 'hono'
import { signInWithPassword } from '../authentication/password-sign-in.ts'
import type { ManagedLoginContext } from './context.ts'
import { type Field, formPage, link } from './form.ts'
import { finishOrAskFurther, usernameLabel } from './login.ts'
import type { Markup } from './page.ts'
import { orComplain, perform, type Visitor, visit } from './visitor.ts'

export const signUp = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(signUpPage(visitor)), join)

const LABELS: Readonly<Record<string, string>> = { email: 'E-mail address', phone_number: 'Phone number, as +49…' }
const TYPES: Readonly<Record<string, Field['type']>> = { email: 'email', phone_number: 'tel' }

function signUpPage(visitor: Visitor, complaint?: string): Markup {
  const { c, search, form } = visitor
  const attributes = attributesAsked(visitor).map((name) => ({
    name: `attribute.${name}`,
    label: LABELS[name] ?? name.replaceAll('_', ' '),
    type: TYPES[name] ?? 'text',
    value: form[`attribute.${name}`] ?? '',
  }))
  return formPage(c, {
    title: 'Sign up',
    action: `/signup${search}`,
    complaint,
    fields: [
      { name: 'username', label: usernameLabel(visitor), autocomplete: 'username', value: form.username ?? '' },
      ...attributes,
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password' },
    ],
    submit: 'Sign up',
    after: link(`/login${search}`, 'You have an account? Sign in'),
  })
}

/** What the schema requires, and the address that the code goes to. */
function attributesAsked({ clientInPool: { pool } }: Visitor): readonly string[] {
  const required = pool.schema.missing(new Map())
  const names = new Set([...required, ...pool.settings.autoVerified])
  return [...names].filter((name) => !pool.configuration.usernameAttributes.some((attribute) => attribute === name))
}

async function join(visitor: Visitor): Promise<Response> {
  const { context, c, clientInPool, form, search } = visitor
  const again = (complaint: string) => signUpPage(visitor, complaint)
  return await orComplain(visitor, again, async () => {
    const username = form.username ?? ''
    const UserAttributes = Object.entries(form).flatMap(([name, Value]) =>
      name.startsWith('attribute.') ? [{ Name: name.slice('attribute.'.length), Value }] : [],
    )
    const answer = await perform(visitor, 'SignUp', username, { Password: form.password, UserAttributes })
    if (answer.UserConfirmed === true) {
      const credentials = { typed: username, password: form.password ?? '', metadata: undefined }
      return await finishOrAskFurther(visitor, again, () =>
        signInWithPassword(context, clientInPool, credentials, 'TokenGeneration_HostedAuth'),
      )
    }
    return c.redirect(`/confirmUser${search}&username=${encodeURIComponent(username)}`)
  })
}
