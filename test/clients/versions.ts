import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** `name version` of an installed npm package, for the report of which clients ran. */
export function named(name: string): string {
  const text = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${name} ${JSON.parse(text).version}`
}

/** What a program says of its version; nothing when it is not installed. */
export function programVersion(command: string, ...flags: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, flags, { encoding: 'utf8' })
  return status === 0 ? (stdout || stderr).trim().split('\n')[0] : undefined
}
