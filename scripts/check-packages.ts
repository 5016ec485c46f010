import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a user would install is looked at as a user's tools see it: exports that resolve, types that fit, nothing missing. */
for (const name of readdirSync('packages')) {
  const folder = join('packages', name)
  console.log(`\n${folder}`)
  execFileSync('publint', ['--strict', folder], { stdio: 'inherit' })
  // The packages are ES modules only, and need a Node that can `require` those; older module resolution is not served.
  execFileSync('attw', ['--pack', folder, '--profile', 'esm-only'], { stdio: 'inherit' })
}

/** CommonJS code loads every entry point by `require`, as Node can from 22.12 on; `next`, `nest` and the like need the framework that they are for. */
const { exports } = JSON.parse(readFileSync('packages/onesub/package.json', 'utf8'))
const entries = Object.keys(exports).filter((path) => path !== './package.json')
const required = entries.map((path) => `require(${JSON.stringify(path.replace('.', 'onesub'))})`)
execFileSync(process.execPath, ['--input-type=commonjs', '-e', required.join('\n')], { stdio: 'inherit' })
console.log(`\n${entries.length} entry points of onesub can be required`)
