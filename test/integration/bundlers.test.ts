import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build, type Format } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onesub-bundle-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const EVENT = {
  version: '1',
  triggerSource: 'CustomMessage_SignUp',
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_AbCdEf123',
  userName: 'ada',
  callerContext: { awsSdkVersion: 'unknown', clientId: 'web' },
  request: { userAttributes: {} },
  response: {},
}
const ENV = {
  USER_POOL_ID: EVENT.userPoolId,
  CLIENT_ID: 'web',
  ONESUB_TABLE: 'onesub',
  ONESUB_PEPPER: 'sixteen characters',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
}

/**
 * CDK's NodejsFunction and the Serverless Framework bundle by esbuild into one CommonJS file for the function's Node (AWS CDK, "aws-cdk-lib.aws_lambda_nodejs module",
 * "OutputFormat"), where no module may wait at its top level; SAM and others make an ES module.
 */
it.each<[format: Format, file: string, load: string]>([
  ['cjs', 'handler.cjs', 'const { handler } = require(file)'],
  ['esm', 'handler.mjs', 'const { handler } = await import(file)'],
])('the function of the README runs when esbuild has bundled it as %s', async (format, file, load) => {
  const outfile = join(folder, file)
  const { warnings } = await build({
    entryPoints: [join(ROOT, 'examples/lambda-dynamodb/handler.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format,
    conditions: ['@onesub/source'],
    outfile,
    logLevel: 'silent',
    // What CDK adds for ES modules, so that CommonJS packages in the bundle can require Node's own.
    ...(format === 'esm' && {
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    }),
  })
  expect(warnings).toEqual([])
  const starter = join(folder, format === 'cjs' ? 'start.cjs' : 'start.mjs')
  const body = `${load}; console.log(JSON.stringify(await handler(${JSON.stringify(EVENT)})))`
  await writeFile(
    starter,
    `const file = ${JSON.stringify(outfile)};\n${format === 'cjs' ? `(async () => { ${body} })()` : body}\n`,
  )
  const { stdout } = await run(process.execPath, [starter], { env: { ...process.env, ...ENV } })
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual(EVENT)
})
