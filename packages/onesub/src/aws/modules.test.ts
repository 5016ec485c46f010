import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const MODULE = fileURLToPath(new URL('./index.ts', import.meta.url))
const ENV = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
const LOADS_UNDICI = `process.moduleLoadList.some((name) => name.includes('undici'))`
// Signing comes before sending, so where nobody listens the signer has been at work.
const CALL = `createDynamoDbHttpsTransport({ endpoint: 'http://127.0.0.1:9' })('GetItem', {}).catch(({ code }) => console.log(code, ${LOADS_UNDICI}))`

/**
 * `aws4` is CommonJS, and what Node can read of such a module is not what a test runner can. And undici, which `fetch` brings, would take
 * a function longer to load than everything else.
 */
it.each([
  ['import', 'module', `import { createDynamoDbHttpsTransport } from ${JSON.stringify(MODULE)}; ${CALL}`],
  ['require', 'commonjs', `const { createDynamoDbHttpsTransport } = require(${JSON.stringify(MODULE)}); ${CALL}`],
])('loads and signs in plain Node by %s, and without undici', async (_, type, code) => {
  const run = promisify(execFile)(process.execPath, [`--input-type=${type}`, '--eval', code], { env: ENV })
  expect((await run).stdout.trim()).toBe('ECONNREFUSED false')
})
