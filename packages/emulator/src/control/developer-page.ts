import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

export const DEVELOPER_STYLE = `
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 80rem; padding: 1rem }
nav a { margin-right: 1.5rem }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0 }
caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #8888; white-space: pre-wrap; overflow-wrap: anywhere }
summary { padding: .4rem 0; cursor: pointer }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8888 }
h2 { font-size: 1rem }
:focus-visible { outline: 3px solid #2a6fdb; outline-offset: 2px }
`

export function developerPage(title: string, content: Markup | readonly Markup[]): Markup {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="/_onesub/style.css"></head>
<body><nav aria-label="Emulator"><a href="/_onesub/">User pools</a><a href="/_onesub/runs">Trigger runs</a></nav>
<main><h1>${title}</h1>${content}</main></body>
</html>`
}

type Cell = string | Markup

export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  if (rows.length === 0) return html`<p>${caption}: nothing yet.</p>`
  const titles = head.map((title) => html`<th scope="col">${title}</th>`)
  const lines = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)
  return html`<table><caption>${caption}</caption><thead><tr>${titles}</tr></thead><tbody>${lines}</tbody></table>`
}
