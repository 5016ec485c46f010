import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

/**
 * A page for each entry point of a package: what it exports, with its comment and its declaration as they stand in the source.
 * docs/decisions/0023-our-own-api-pages.md says why no other tool makes them.
 */
export function apiPages(folder: string): Readonly<Record<string, string>> {
  const manifest: { name: string; exports: Record<string, { '@onesub/source'?: string } | string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const entries = Object.entries(manifest.exports).flatMap(([path, target]) => {
    const source = typeof target === 'string' ? undefined : target['@onesub/source']
    return source === undefined ? [] : [{ name: path.replace('.', manifest.name), file: join(folder, source) }]
  })
  const pages = entries.map(({ name, file }) => [pathOf(name), page(name, file)])
  const list = entries.map(({ name }) => `- [\`${name}\`](${pathOf(name).replace('docs/api/', '')})`)
  return { ...Object.fromEntries(pages), [indexOf(manifest.name)]: index(manifest.name, list) }
}

const MADE = '<!-- Made by "npm run docs" from the sources. -->'

function pathOf(entry: string): string {
  return `docs/api/${entry.replace('@', '').replaceAll('/', '-')}.md`
}

function indexOf(name: string): string {
  return name === 'onesub' ? 'docs/api/README.md' : `docs/api/${name.replace('@', '').replaceAll('/', '-')}-index.md`
}

function index(name: string, entries: readonly string[]): string {
  return `${MADE}\n\n# What ${name} exports\n\nOne page for each entry point. How to use them: [the guides](../guide).\n\n${entries.join('\n')}\n`
}

function page(name: string, file: string): string {
  const sections = exportsOf(file).map(({ exported, comment, declaration, from }) =>
    [`## ${exported}`, comment, `\`\`\`ts\n${declaration}\n\`\`\``, `[${from}](../../${from})`]
      .filter((part) => part !== '')
      .join('\n\n'),
  )
  return `${MADE}\n\n# ${name}\n\n${sections.join('\n\n')}\n`
}

interface Exported {
  readonly exported: string
  readonly comment: string
  readonly declaration: string
  readonly from: string
}

type Statement = ReturnType<typeof parseAst>['body'][number]

/** In the order of their names: what the entry declares, and what it exports from other files. */
function exportsOf(file: string): readonly Exported[] {
  const { body } = parsed(file)
  const found = body.flatMap((statement): readonly Exported[] => {
    if (statement.type === 'ExportAllDeclaration') return exportsOf(join(dirname(file), statement.source.value))
    if (statement.type !== 'ExportNamedDeclaration') return []
    if (statement.declaration) return namesIn(statement).map((name) => declared(file, name, name))
    return statement.specifiers.map(({ local, exported }) => {
      if (!('name' in local) || !('name' in exported)) throw new Error(`${file}: an export by a string`)
      const origin = statement.source ? join(dirname(file), statement.source.value) : file
      return declared(origin, local.name, exported.name)
    })
  })
  return found.toSorted((a, b) => (a.exported < b.exported ? -1 : 1))
}

function declared(file: string, name: string, exported: string): Exported {
  const { code, body } = parsed(file)
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') {
      const specifier = statement.specifiers.find(({ local }) => local.name === name)
      if (specifier?.type === 'ImportSpecifier' && 'name' in specifier.imported)
        return declared(join(dirname(file), statement.source.value), specifier.imported.name, exported)
    }
    if (statement.type !== 'ExportNamedDeclaration') continue
    const specifier = statement.specifiers.find((one) => 'name' in one.exported && one.exported.name === name)
    if (specifier && statement.source && 'name' in specifier.local)
      return declared(join(dirname(file), statement.source.value), specifier.local.name, exported)
    if (!namesIn(statement).includes(name)) continue
    return {
      exported,
      comment: commentBefore(code, statement.start),
      declaration: declarationIn(code, statement, body),
      from: relative('.', file),
    }
  }
  throw new Error(`${file} has no export ${name}`)
}

function namesIn(statement: Statement): readonly string[] {
  if (statement.type !== 'ExportNamedDeclaration') return []
  const { declaration } = statement
  if (!declaration) return []
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  return 'id' in declaration && declaration.id && 'name' in declaration.id ? [declaration.id.name] : []
}

const LONGEST_VALUE = 20

/** Without the bodies of functions, and without values that are longer than a screen. */
function declarationIn(code: string, statement: Statement, body: readonly Statement[]): string {
  const { start, end } = statement
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null
  if (declaration?.type === 'FunctionDeclaration' && declaration.body)
    return code.slice(start, declaration.body.start).trim()
  if (declaration?.type === 'ClassDeclaration') return classIn(code, start, declaration)
  const text = code.slice(start, end)
  const [, keysOf] = /= keyof typeof (\w+)$/.exec(text) ?? []
  if (keysOf !== undefined) return text.replace(`keyof typeof ${keysOf}`, unionOf(keysIn(keysOf, body)))
  const isLong = declaration?.type === 'VariableDeclaration' && text.split('\n').length > LONGEST_VALUE
  return isLong ? `${text.slice(0, text.indexOf('=')).trim()} = …` : text
}

/** The names in an object that a constant of the same file is. */
function keysIn(constant: string, body: readonly Statement[]): readonly string[] {
  for (const statement of body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declaration?.type !== 'VariableDeclaration') continue
    const found = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === constant)
    let value: object | null | undefined = found?.init
    // `{ … } as const satisfies …`
    while (value && 'expression' in value) value = Object(value.expression)
    if (value && 'properties' in value && Array.isArray(value.properties))
      return value.properties.flatMap(({ key }) => [key?.name ?? key?.value].filter((name) => typeof name === 'string'))
  }
  throw new Error(`The object ${constant} was not found in the file of the type of its names.`)
}

function unionOf(names: readonly string[]): string {
  return names.map((name) => `\n  | '${name}'`).join('')
}

interface ClassLike {
  readonly body: { readonly start: number; readonly body: readonly object[] }
}

function classIn(code: string, start: number, { body }: ClassLike): string {
  const members = body.body.flatMap((member) => {
    const { start: from, end: to, key, value } = Object(member)
    const isPrivate = key?.type === 'PrivateIdentifier'
    const until = value?.type === 'FunctionExpression' && value.body ? value.body.start : to
    return isPrivate ? [] : [`  ${code.slice(from, until).trim()}`]
  })
  return `${code.slice(start, body.start)}{\n${members.join('\n')}\n}`
}

function commentBefore(code: string, start: number): string {
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(code.slice(0, start)) ?? []
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
}

const files = new Map<string, { readonly code: string; readonly body: readonly Statement[] }>()

function parsed(file: string) {
  const known = files.get(file)
  if (known) return known
  if (!existsSync(file)) throw new Error(`${file} does not exist`)
  const code = readFileSync(file, 'utf8')
  const read = { code, body: parseAst(code, { lang: 'ts' }).body }
  files.set(file, read)
  return read
}
