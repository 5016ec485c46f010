import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ManagedLoginContext } from './context.ts'
import { forgeryField } from './forgery-guard.ts'
import { formPage, link } from './form.ts'
import { usernameLabel } from './login.ts'
import type { Markup } from './page.ts'
import { orComplain, perform, type Visitor, visit } from './visitor.ts'

const usernameOf = ({ c, form }: Visitor) => form.username ?? c.req.query('username') ?? ''

function without(search: string, ...names: readonly string[]): URLSearchParams {
  const query = new URLSearchParams(search)
  for (const name of names) query.delete(name)
  return query
}

const toLogin = ({ c, search }: Visitor) => c.redirect(`/login?${without(search, 'username')}&confirmed`)

const CODE = { name: 'code', label: 'Code', autocomplete: 'one-time-code' } as const

export const confirmUser = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(confirmPage(visitor)), confirm)

function confirmPage(visitor: Visitor, complaint?: string): Markup {
  const { c, search } = visitor
  return formPage(c, {
    title: 'Confirm your account',
    action: `/confirmUser${search}`,
    complaint,
    before: html`<p>We have sent you a code.</p>`,
    hidden: { username: usernameOf(visitor) },
    fields: [CODE],
    submit: 'Confirm',
    after: html`<form method="post" action="/resendcode${search}">
      <p class="hint">Nothing has come?</p>${resendFields(visitor)}<button>Send a new code</button></form>`,
  })
}

function resendFields(visitor: Visitor): Markup {
  return html`<input type="hidden" name="username" value="${usernameOf(visitor)}">${forgeryField(visitor.c)}`
}

async function confirm(visitor: Visitor): Promise<Response> {
  const { form } = visitor
  return await orComplain(
    visitor,
    (complaint) => confirmPage(visitor, complaint),
    async () => {
      await perform(visitor, 'ConfirmSignUp', usernameOf(visitor), { ConfirmationCode: form.code })
      return toLogin(visitor)
    },
  )
}

export const resendCode = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(confirmPage(visitor)), resend)

async function resend(visitor: Visitor): Promise<Response> {
  const { c, search } = visitor
  return await orComplain(
    visitor,
    (complaint) => confirmPage(visitor, complaint),
    async () => {
      await perform(visitor, 'ResendConfirmationCode', usernameOf(visitor), {})
      const query = without(search, 'username')
      return c.redirect(`/confirmUser?${query}&username=${encodeURIComponent(usernameOf(visitor))}`)
    },
  )
}

export const forgotPassword = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(forgotPage(visitor)), sendCode)

function forgotPage(visitor: Visitor, complaint?: string): Markup {
  const { c, search } = visitor
  return formPage(c, {
    title: 'Forgot your password?',
    action: `/forgotPassword${search}`,
    complaint,
    before: html`<p>We send you a code, and with it you choose a new one.</p>`,
    fields: [{ name: 'username', label: usernameLabel(visitor), autocomplete: 'username', value: usernameOf(visitor) }],
    submit: 'Send the code',
    after: link(`/login${search}`, 'Back to sign-in'),
  })
}

async function sendCode(visitor: Visitor): Promise<Response> {
  const { c, search } = visitor
  return await orComplain(
    visitor,
    (complaint) => forgotPage(visitor, complaint),
    async () => {
      await perform(visitor, 'ForgotPassword', usernameOf(visitor), {})
      const query = without(search, 'username')
      return c.redirect(`/confirmForgotPassword?${query}&username=${encodeURIComponent(usernameOf(visitor))}`)
    },
  )
}

export const confirmForgotPassword = (context: ManagedLoginContext, c: Context) =>
  visit(context, c, (visitor) => c.html(newPasswordPage(visitor)), setPassword)

function newPasswordPage(visitor: Visitor, complaint?: string): Markup {
  const { c, search } = visitor
  return formPage(c, {
    title: 'Choose a new password',
    action: `/confirmForgotPassword${search}`,
    complaint,
    before: html`<p>If we know you, a code is on its way to you.</p>`,
    hidden: { username: usernameOf(visitor) },
    fields: [CODE, { name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password' }],
    submit: 'Change the password',
  })
}

async function setPassword(visitor: Visitor): Promise<Response> {
  const { form } = visitor
  return await orComplain(
    visitor,
    (complaint) => newPasswordPage(visitor, complaint),
    async () => {
      const fields = { ConfirmationCode: form.code, Password: form.password }
      await perform(visitor, 'ConfirmForgotPassword', usernameOf(visitor), fields)
      return toLogin(visitor)
    },
  )
}
