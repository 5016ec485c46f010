import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a user would install is looked at as a user's tools see it: exports that resolve, types that fit, nothing missing. */
for (const name of readdirSync('packages')) {
  const folder = join('packages', name)
  console.log(`\n${folder}`)
  execFileSync('publint', ['--strict', folder], { stdio: 'inherit' })
  // The packages are ES modules only, and need a Node that can `require` those; older module resolution is not served.
  execFileSync('attw', ['--pack', folder, '--profile', 'esm-only'], { stdio: 'inherit' })
}
