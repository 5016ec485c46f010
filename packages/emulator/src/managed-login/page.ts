import type { Context } from 'hono'
import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

// Readable at 200 %, contrast above 4.5:1, focus always visible (WCAG 2.2: 1.4.3, 1.4.4, 2.4.7).
const STYLE = `
:root { color-scheme: light; --ink: #1b1f24; --soft: #4b5563; --line: #767d87; --blue: #1a56b0; --paper: #fff }
* { box-sizing: border-box }
body { font: 1.0625rem/1.55 system-ui, sans-serif; margin: 0; color: var(--ink); background: #f4f5f7 }
main { max-width: 27rem; margin: 3rem auto; padding: 2rem; background: var(--paper); border-radius: .75rem; box-shadow: 0 1px 3px #0002 }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1.25rem }
h2 { font-size: 1.0625rem; margin: 2rem 0 .5rem }
form { margin: 0 }
label { display: block; margin: .9rem 0 .25rem; font-weight: 600 }
label.check { font-weight: 400; display: flex; gap: .5rem; align-items: baseline }
input:not([type=checkbox]) { font: inherit; width: 100%; padding: .55rem .7rem; border: 1px solid var(--line); border-radius: .4rem }
button, a.button { font: inherit; display: block; width: 100%; margin: .6rem 0; padding: .65rem 1rem; text-align: left; color: inherit;
  background: #f4f5f7; border: 1px solid var(--line); border-radius: .4rem; text-decoration: none; cursor: pointer }
button.main { margin-top: 1.4rem; text-align: center; font-weight: 600; color: #fff; background: var(--blue); border-color: var(--blue) }
a { color: var(--blue) }
:is(button, a, input):focus-visible { outline: 3px solid var(--blue); outline-offset: 2px }
small, .hint { display: block; color: var(--soft); font-size: .9rem }
[role=alert] { margin: 0 0 1rem; padding: .7rem .9rem; border-left: 4px solid #b3261e; background: #fdecea }
[role=status] { margin: 0 0 1rem; padding: .7rem .9rem; border-left: 4px solid #1a7f37; background: #e9f6ec }
ul { list-style: none; margin: 0; padding: 0 }
`
const SUBMIT_SCRIPT = "document.querySelector('form[data-goes-by-itself]')?.submit()\n"

export const stylesheet = (c: Context) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' })
export const submitScript = (c: Context) => c.body(SUBMIT_SCRIPT, 200, { 'content-type': 'text/javascript' })

/** Allows only our own script and style sheet, and only the frame ancestors that were named at the start. */
export function contentSecurityPolicy(frameAncestors: readonly string[]): string {
  const framedBy = frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"
  return `default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors ${framedBy}`
}

export function page(title: string, content: Markup, script: Markup | '' = ''): Markup {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="/hosted/style.css"></head>
<body><main><h1>${title}</h1>${content}</main>${script}</body>
</html>`
}

export const errorPage = (text: string) =>
  page('Something is wrong with this request', html`<p role="alert">${text}</p>`)

export const unknownClient = () => errorPage('The client_id is unknown, or the redirect_uri is not registered for it.')

/** A form that a script submits at once; without JavaScript the user presses its button. */
export function postForm(title: string, action: string, fields: Readonly<Record<string, string>>): Markup {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const form = html`<form method="post" action="${action}" data-goes-by-itself>${inputs}
    <button class="main">Continue</button></form>`
  return page(title, form, html`<script src="/hosted/submit.js"></script>`)
}
