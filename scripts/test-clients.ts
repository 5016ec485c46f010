import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Runs other people's clients against the emulator; what Debian carries is installed first, where that is possible. */
const FROM_DEBIAN = {
  awscli: () => existsSync('/usr/bin/aws'),
  'python3-boto3': () => spawnSync('/usr/bin/python3', ['-c', 'import boto3']).status === 0,
  chromium: () => existsSync('/usr/bin/chromium'),
} as const

const missing = Object.entries(FROM_DEBIAN).flatMap(([name, isThere]) => (isThere() ? [] : [name]))
if (missing.length > 0 && !installed(missing)) {
  console.error(`SKIPPED, loudly: no ${missing.join(', ')} on this machine. Their clients will not run.`)
}
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/clients/vitest.config.ts', '--root', '.'],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1

function installed(packages: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words: readonly string[]) =>
    spawnSync('/usr/bin/apt-get', words, { env, stdio: 'inherit' }).status === 0
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages)
}
