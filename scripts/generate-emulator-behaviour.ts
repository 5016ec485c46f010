import { readFile, writeFile } from 'node:fs/promises'
import { AREAS, BEHAVIOURS, type Behaviour } from '../packages/emulator/src/behaviour/catalogue.ts'
import { QUIRKS } from '../packages/emulator/src/quirks/quirks.ts'

/** The page of what the emulator does, from its catalogue. `--check` writes nothing and fails when the page is stale. */
const PATH = 'docs/emulator-behaviour.md'
const API_REFERENCE = 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference'

const page = behaviourPage()
const written = await readFile(PATH, 'utf8').catch(() => '')
if (written !== page && process.argv.includes('--check')) {
  console.error(`Not what the code says: ${PATH}. Run "node scripts/generate-emulator-behaviour.ts".`)
  process.exitCode = 1
} else if (written !== page) {
  await writeFile(PATH, page)
}

function behaviourPage(): string {
  return `<!-- Made by scripts/generate-emulator-behaviour.ts from packages/emulator/src/behaviour/ and quirks/quirks.ts. -->

# What the emulator does, and how we know

${BEHAVIOURS.length} behaviours of Amazon Cognito user pools that \`@onesub/emulator\` plays. Each has a public source and a
check under the same id, driven over HTTP by the AWS SDK. Run the checks with \`node scripts/emulator-behaviour.ts\`.
Nothing here was measured against AWS by us: where sources disagree, a switch names the positions.

${Object.keys(AREAS).map(areaSection).join('\n')}
## Switches

${table(['switch', 'what it decides', 'positions, default first', 'source'], switchRows())}`
}

function areaSection(area: string): string {
  const rows = BEHAVIOURS.filter((behaviour) => behaviour.area === area).map(rowOf)
  return `## ${area}\n\n${table(['id', 'behaviour', 'switch', 'source'], rows)}`
}

function rowOf({ id, says, quirk, source }: Behaviour): readonly string[] {
  return [id, says, quirk === undefined ? '' : `\`${quirk}\``, linked(source)]
}

function switchRows() {
  return Object.entries(QUIRKS).map(([name, { what, source, positions, default: standard }]) => {
    const all = typeof positions === 'string' ? `milliseconds: ${standard}` : positions.join(', ')
    return [`\`${name}\``, what, all, linked(source)]
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}

function linked(source: string): string {
  return source.split('; ').map(link).join('; ')
}

function link(source: string): string {
  const guide = /^Developer Guide: (?<name>[a-z0-9-]+)/u.exec(source)?.groups?.name
  if (guide) return `[${source}](https://docs.aws.amazon.com/cognito/latest/developerguide/${guide}.html)`
  const operation = /^API reference: (?<name>\w+)/u.exec(source)?.groups?.name
  if (operation) return `[${source}](${API_REFERENCE}/${operation === 'CommonErrors' ? '' : 'API_'}${operation}.html)`
  const thread = /^(?<repository>[\w.-]+\/[\w.-]+)#(?<number>[0-9]+)$/u.exec(source)?.groups
  if (thread) return `[${source}](https://github.com/${thread.repository}/issues/${thread.number})`
  return source
}
