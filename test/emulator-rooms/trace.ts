import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'

/**
 * Prints, as JSON, each call from one file of the emulator to another during one InitiateAuth with triggers, in order. Every function of the
 * emulator is loaded with a line at its start that notes it, and the file that called it by the stack.
 */
const SOURCES = fileURLToPath(new URL('../../packages/emulator/src/', import.meta.url))
const FRAME = new RegExp(`${SOURCES.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}([^:)]+):`, 'u')

interface Call {
  readonly from: string | undefined
  readonly to: string
}

const calls: Call[] = []
let isNoting = false

Error.stackTraceLimit = 50
Object.assign(globalThis, {
  noteCall: (to: string) => {
    if (!isNoting) return
    // The first two lines are this function and the one that was called.
    const frames = new Error().stack?.split('\n').slice(3) ?? []
    calls.push({ from: frames.flatMap((frame) => FRAME.exec(frame)?.[1] ?? [])[0], to })
  },
})

registerHooks({
  load(url, context, next) {
    const path = url.startsWith('file:') ? fileURLToPath(url) : ''
    if (!path.startsWith(SOURCES) || !path.endsWith('.ts')) return next(url, context)
    return { format: 'module', source: stripTypeScriptTypes(noted(path), { mode: 'transform' }), shortCircuit: true }
  },
})

/** The source with `noteCall(file)` at the start of each function. */
function noted(path: string): string {
  const source = readFileSync(path, 'utf8')
  const note = `noteCall(${JSON.stringify(relative(SOURCES, path))})`
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

const { startEmulator } = await import('../../packages/emulator/src/index.ts')
const emulator = await startEmulator({ triggers: { echo: (event) => event } })

async function call(operation: string, fields: object): Promise<Record<string, Record<string, string>>> {
  const answer = await fetch(emulator.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(fields),
  })
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`)
  return JSON.parse(await answer.text())
}

const slots = ['PreAuthentication', 'PostAuthentication', 'PreTokenGeneration', 'UserMigration']
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo'
const LambdaConfig = Object.fromEntries(slots.map((slot) => [slot, arn]))
const UserPoolId = (await call('CreateUserPool', { PoolName: 'pool', LambdaConfig })).UserPool?.Id
const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH']
const app = await call('CreateUserPoolClient', { UserPoolId, ClientName: 'app', ExplicitAuthFlows })
const [Username, Password] = ['ada', 'Corr3ct-horse']
await call('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS' })
await call('AdminSetUserPassword', { UserPoolId, Username, Password, Permanent: true })
const signIn = {
  ClientId: app.UserPoolClient?.ClientId,
  AuthFlow: 'USER_PASSWORD_AUTH',
  AuthParameters: { USERNAME: Username, PASSWORD: Password },
}
// The first sign-in makes the keys.
await call('InitiateAuth', signIn)
isNoting = true
await call('InitiateAuth', signIn)
isNoting = false
await emulator.close()
console.log(JSON.stringify(calls.filter(({ from, to }) => from !== to)))
