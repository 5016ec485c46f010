/** What a stranger sees of an answer; what is new in each, equal in kind, is masked. */
export interface Seen {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** One call of the public API, without an SDK in between: every byte of the answer counts. */
export async function askAsStranger(endpoint: string, operation: string, input: object): Promise<Seen> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  })
  const body = masked(await answer.text())
  const headers = [...answer.headers].filter(([name]) => name !== 'date').map((header) => masked(header.join(': ')))
  return { status: answer.status, headers: headers.join('\n'), body }
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

function masked(text: string): string {
  return text.replace(UUID, '<id>')
}

export function signUpInput(clientId: string, userName: string, email: string) {
  return {
    ClientId: clientId,
    Username: userName,
    Password: 'Correct-Horse-9',
    UserAttributes: [{ Name: 'email', Value: email }],
  }
}
