import type { Context } from 'hono'
import { html } from 'hono/html'
import { type Persona, parsePersona } from '../federation/personas.ts'
import { forgeryField } from './forgery-guard.ts'
import { page } from './page.ts'

interface Choice {
  readonly title: string
  /** Receives the choice: a known persona by GET, a new one by POST. */
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  readonly personas: readonly Persona[]
  readonly cancelTo: string
}

/** The sign-in page of a simulated provider. */
export function personaPage(c: Context, { title, action, hidden, personas, cancelTo }: Choice) {
  const kept = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const choices = personas.map(
    (persona) =>
      html`<li><button name="persona" value="${persona.id}">${persona.id}<small>${about(persona)}</small></button></li>`,
  )
  const known = html`<form method="get" action="${action}">${kept}<ul>${choices}</ul></form>`
  const content = html`${personas.length > 0 ? known : html`<p>Nobody is known here yet.</p>`}
  <h2>Somebody else</h2>
  <form method="post" action="${action}">${kept}${forgeryField(c)}
    <label for="sub">Subject, exactly as the provider writes it</label><input id="sub" name="sub" required autocomplete="off">
    <label for="email">E-mail address (leave empty for none)</label><input id="email" name="email" type="email" autocomplete="off">
    <label for="name">Name</label><input id="name" name="name" autocomplete="off">
    <label for="hd">Hosted domain</label><input id="hd" name="hd" autocomplete="off">
    <label class="check"><input type="checkbox" name="email_verified">The provider has verified the address</label>
    <label class="check"><input type="checkbox" name="is_private_email">The address is a private relay</label>
    <button class="main">Sign in as this person</button>
  </form>
  <form method="get" action="${cancelTo}">${kept}<button name="error" value="access_denied">Cancel</button></form>`
  return page(title, content)
}

function about({ email, email_verified: verified }: Persona): string {
  if (typeof email !== 'string') return 'no e-mail address'
  return `${email} (${String(verified) === 'true' ? 'verified' : 'not verified'})`
}

/** A new persona from the page's form, with its subject as its id. */
export function personaIn(form: Readonly<Record<string, unknown>>): Persona {
  const texts = ['sub', 'email', 'name', 'hd'].flatMap((name): [string, string][] => {
    const value = form[name]
    return typeof value === 'string' && value !== '' ? [[name, value]] : []
  })
  const { sub } = Object.fromEntries(texts)
  const hasEmail = texts.some(([name]) => name === 'email')
  return parsePersona({
    id: sub,
    ...Object.fromEntries(texts),
    ...(hasEmail && { email_verified: form.email_verified !== undefined }),
    ...(form.is_private_email !== undefined && { is_private_email: true }),
  })
}
