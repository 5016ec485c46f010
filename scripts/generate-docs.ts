import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ACCOUNT_CALLS } from '../packages/onesub/src/account/account.ts'
import { HINTS } from '../packages/onesub/src/core/error-hints.ts'
import { CATALOGUE, type ErrorCode } from '../packages/onesub/src/core/errors.ts'
import { TRIGGER_NAMES, triggerPermissions } from '../packages/onesub/src/triggers/permissions.ts'
import { permissionsFor } from '../packages/onesub/src/user-pool/operations.ts'
import { apiPages } from './api-docs.ts'

/** Documents made from code. `--check` writes nothing and fails when a page is not what the code says. */
const PAGES: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
  'docs/permissions.md': permissionsPage,
  ...Object.fromEntries(
    ['packages/onesub', 'packages/emulator'].flatMap((folder) =>
      Object.entries(apiPages(folder)).map(([path, page]) => [path, () => page]),
    ),
  ),
}

const check = process.argv.includes('--check')
const stale: string[] = []
for (const [path, page] of Object.entries(PAGES)) {
  const written = await readFile(path, 'utf8').catch(() => '')
  if (written === page()) continue
  if (check) stale.push(path)
  else {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, page())
  }
}
if (stale.length > 0) {
  console.error(`Not what the code says: ${stale.join(', ')}. Run "npm run docs".`)
  process.exitCode = 1
}

function errorsPage(): string {
  const codes = Object.keys(CATALOGUE).filter((code): code is ErrorCode => code in CATALOGUE)
  const rows = codes.map((code) => {
    const { says, retry } = CATALOGUE[code]
    return [
      `### ${code}`,
      '',
      says,
      '',
      `**What to do.** ${HINTS[code]}`,
      '',
      retry ? '**Try again:** yes, the same call may succeed.' : '**Try again:** no.',
      '',
    ].join('\n')
  })
  return `<!-- Made by "npm run docs" from packages/onesub/src/core/errors.ts and error-hints.ts. -->

# Errors

Every error of onesub has a code that is never renamed or reused. Its message is \`onesub/<CODE>: <text>\`.
Cognito hands a trigger's error to the client, so a refused sign-up reaches your app as

\`\`\`
UserLambdaValidationException: PreSignUp failed with error onesub/IDENTIFIER_TAKEN: An account with these details already exists. Sign in instead.
\`\`\`

and a refused federated sign-in as \`error_description\` on your callback URL with the same text.
Match \`/onesub\\/([A-Z_]+)/\`. The text may be shown to anybody: it holds no address and says nothing about other people.

${rows.join('\n')}`
}

function permissionsPage(): string {
  const functions = [
    ...TRIGGER_NAMES.map((name) => [name, triggerPermissions(name)] as const),
    ['the account page', permissionsFor(ACCOUNT_CALLS)] as const,
  ]
  const actions = [...new Set(functions.flatMap(([, permissions]) => permissions))].sort()
  const rows = actions.map((action) => {
    const cells = functions.map(([, permissions]) => (permissions.includes(action) ? 'yes' : ''))
    return `| \`${action.replace('cognito-idp:', '')}\` | ${cells.join(' | ')} |`
  })
  return `<!-- Made by "npm run docs" from packages/onesub/src/triggers/phases.ts and user-pool/operations.ts. -->

# Permissions on the user pool

Each function needs these actions of \`cognito-idp\` on its own user pool, \`arn:aws:cognito-idp:<region>:<account>:userpool/<id>\`, and no other. They are derived from the calls that the code
of each trigger can make, which the compiler checks. One function for all triggers (\`createTriggerHandler\`) needs those of each trigger that it is attached to. A function without \`userPool\` in
its options needs none. In code: \`triggerPermissions('PreSignUp', 'PostConfirmation')\` of \`onesub/triggers\`, \`permissionsFor(ACCOUNT_CALLS)\` of \`onesub/user-pool\` and \`onesub/account\`.

| action | ${functions.map(([name]) => name).join(' | ')} |
| --- | ${functions.map(() => '---').join(' | ')} |
${rows.join('\n')}

Where \`mode\` is not \`enforce\`, nothing is written to the pool: \`AdminGetUser\` and \`DescribeUserPool\` are enough.
The permissions of the DynamoDB table are in [guide/registry.md](guide/registry.md). A verifier needs none.
`
}
