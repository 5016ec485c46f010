import { html, raw } from 'hono/html'

type Markup = ReturnType<typeof html>

const STYLE = raw(`<style>
  body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
  button, a.button { font: inherit; display: block; width: 100%; box-sizing: border-box; margin: .5rem 0; padding: .7rem 1rem;
    text-align: left; color: inherit; background: #f3f3f3; border: 1px solid #767676; border-radius: .4rem; text-decoration: none }
  button:focus-visible, a:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px }
  small { display: block; color: #4a4a4a }
</style>`)

export function page(title: string, content: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${STYLE}</head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>`
}

export const errorPage = (text: string) =>
  page('Something is wrong with this request', html`<p role="alert">${text}</p>`)
