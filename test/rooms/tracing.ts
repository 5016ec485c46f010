import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'

/** A call from one file of a folder to another; `from` is absent where nothing of the folder called. */
export interface Call {
  readonly from: string | undefined
  readonly to: string
}

/**
 * Every function below the folder is loaded, from now on, with a line at its start that notes it, and the file that called it by the stack. `calls`:
 * those from one file to another while `work` ran, in order.
 */
export function tracing(sources: string): { calls(work: () => Promise<unknown>): Promise<readonly Call[]> } {
  const frame = new RegExp(`${sources.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}([^:)]+):`, 'u')
  const noted: Call[] = []
  let isNoting = false
  Error.stackTraceLimit = 50
  Object.assign(globalThis, {
    noteCall: (to: string) => {
      if (!isNoting) return
      // The first two lines are this function and the one that was called.
      const frames = new Error().stack?.split('\n').slice(3) ?? []
      noted.push({ from: frames.flatMap((line) => frame.exec(line)?.[1] ?? [])[0], to })
    },
  })
  registerHooks({
    load(url, context, next) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : ''
      if (!path.startsWith(sources) || !path.endsWith('.ts')) return next(url, context)
      const source = withNotes(path, relative(sources, path))
      return { format: 'module', source: stripTypeScriptTypes(source, { mode: 'transform' }), shortCircuit: true }
    },
  })
  return {
    async calls(work) {
      noted.length = 0
      isNoting = true
      await work()
      isNoting = false
      return noted.filter(({ from, to }) => from !== to)
    },
  }
}

/** The source with `noteCall(name)` at the start of each function. */
function withNotes(path: string, name: string): string {
  const source = readFileSync(path, 'utf8')
  const note = `noteCall(${JSON.stringify(name)})`
  const inserts = functionBodies(parseAst(source, { lang: 'ts' })).flatMap(({ isBlock, start, end }) =>
    isBlock
      ? [{ at: start + 1, text: `${note};` }]
      : [
          { at: start, text: `(${note},` },
          { at: end, text: ')' },
        ],
  )
  return inserts
    .sort((left, right) => right.at - left.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), source)
}

interface Body {
  readonly isBlock: boolean
  readonly start: number
  readonly end: number
}

function functionBodies(node: unknown): readonly Body[] {
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.values(node).flatMap(functionBodies)
  const isFunction =
    'type' in node && /^(?:ArrowFunctionExpression|FunctionDeclaration|FunctionExpression)$/u.test(String(node.type))
  return isFunction && 'body' in node ? [...bodyOf(node.body), ...inside] : inside
}

function bodyOf(body: unknown): readonly Body[] {
  if (typeof body !== 'object' || body === null || !('type' in body && 'start' in body && 'end' in body)) return []
  return [{ isBlock: body.type === 'BlockStatement', start: Number(body.start), end: Number(body.end) }]
}
