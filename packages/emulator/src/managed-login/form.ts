import type { Context } from 'hono'
import { html } from 'hono/html'
import { forgeryField } from './forgery-guard.ts'
import { type Markup, page } from './page.ts'

export interface Field {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'password' | 'email' | 'tel'
  readonly autocomplete?: string
  readonly value?: string
}

export interface FormPage {
  readonly title: string
  readonly action: string
  readonly fields: readonly Field[]
  readonly hidden?: Readonly<Record<string, string>>
  readonly submit: string
  /** The error, in plain words. */
  readonly complaint?: string | undefined
  readonly notice?: string | undefined
  readonly before?: Markup | ''
  readonly after?: Markup | ''
}

/** One form with its labels. Screen readers read the error first, and the first field has the focus. */
export function formPage(c: Context, form: FormPage): Markup {
  const { title, action, fields, hidden = {}, submit, complaint, notice, before = '', after = '' } = form
  const kept = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const content = html`${notice ? html`<p role="status">${notice}</p>` : ''}
    ${complaint ? html`<p role="alert" id="complaint">${complaint}</p>` : ''}${before}
    <form method="post" action="${action}"${complaint ? html` aria-describedby="complaint"` : ''}>
      ${forgeryField(c)}${kept}${fields.map(fieldMarkup)}
      <button class="main">${submit}</button>
    </form>${after}`
  return page(title, content)
}

function fieldMarkup({ name, label, type = 'text', autocomplete = 'off', value = '' }: Field, index: number): Markup {
  return html`<label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" required${index === 0 ? html` autofocus` : ''}>`
}

export const link = (to: string, text: string) => html`<p><a href="${to}">${text}</a></p>`
