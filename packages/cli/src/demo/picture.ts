import { tally } from './count.ts'
import type { SignIn } from './four-sign-ins.ts'
import type { Outcome, Scenario } from './scenario.ts'

const WIDTH = 66

/** Both pools side by side: how the human signed in, which users exist now, and which person each of them is. */
export function picture(alone: Outcome, withOnesub: Outcome): string {
  return ['', ...sideBySide(column(alone), column(withOnesub)), ''].join('\n')
}

function column(signIns: Outcome): string[] {
  const { poolUsers, persons } = tally(signIns)
  const label = labels(signIns)
  return [
    signIns.title,
    '─'.repeat(WIDTH),
    'One human …',
    ...signIns.entries.flatMap((entry, at) => signInLines(entry, label(signIns.signedInAs[at] ?? ''))),
    '',
    'In the pool now:',
    ...signIns.directory.map(
      ({ userName, email, person }) => `  ${fit(userName, 30)}${fit(email, 18)}${label(person)}`,
    ),
    '',
    `= ${counted(poolUsers, 'user')} in the pool, ${counted(persons, 'person')}`,
  ]
}

function signInLines({ action, result }: SignIn, person: string): string[] {
  return [`  ${action}`, `      ${result} → ${person}`]
}

/** Ids are long and alike; the picture numbers them in the order of their appearance. */
function labels({ signedInAs, directory }: Outcome): (person: string) => string {
  const seen = [...new Set([...signedInAs, ...directory.map(({ person }) => person)])]
  return (person) => `person ${seen.indexOf(person) + 1}`
}

function sideBySide(left: readonly string[], right: readonly string[]): string[] {
  const rows = Math.max(left.length, right.length)
  return Array.from({ length: rows }, (_, row) => `${fit(left[row] ?? '', WIDTH + 2)}${right[row] ?? ''}`.trimEnd())
}

function fit(text: string, width: number): string {
  return (text.length < width ? text : `${text.slice(0, width - 2)}…`).padEnd(width)
}

function counted(count: number, noun: string): string {
  const plural = noun === 'person' ? 'persons' : `${noun}s`
  return `${count} ${count === 1 ? noun : plural}`
}

export function whatNext({ endpoint, registryPath, withOnesub: { pool } }: Scenario): string {
  const { userPoolId, clientId, redirectUri } = pool
  const authorize = `${endpoint}/oauth2/authorize?response_type=code&client_id=${clientId}&redirect_uri=${encodeURIComponent(redirectUri)}&identity_provider=Google&scope=openid`
  return `It stays up until you press Ctrl+C.

  Local Cognito   ${endpoint}
  User pool       ${userPoolId}   client ${clientId}   (with onesub)
  Registry        ${registryPath}

Try next:
  sign up once more, and be refused
    aws cognito-idp sign-up --endpoint-url ${endpoint} --region us-east-1 --no-sign-request \\
      --client-id ${clientId} --username lovelace --password 'Correct-Horse-9' --user-attributes Name=email,Value=ADA@example.com
  continue with Google in a browser, as anybody
    ${authorize}
  point any AWS SDK v3 client at it: new CognitoIdentityProvider({ endpoint: '${endpoint}', region: 'us-east-1' })
`
}
