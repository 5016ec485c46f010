import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'

interface SignUpEvent {
  readonly triggerSource: string
  readonly userPoolId: string
  readonly request: { readonly userAttributes: Readonly<Record<string, string>> }
}

/**
 * The check that is usually written into a pre-sign-up function, as a baseline and not as advice: list the users with this address,
 * refuse if there is one. It asks for the spelling that was typed, it decides before the user exists, and it looks at native
 * sign-ups only (where it looks at all, people who come by Google are locked out instead).
 */
export function listUsersCheck(cognito: CognitoIdentityProvider) {
  return async (event: SignUpEvent): Promise<SignUpEvent> => {
    if (event.triggerSource !== 'PreSignUp_SignUp') return event
    const email = (event.request.userAttributes.email ?? '').replaceAll(/["\\]/g, '\\$&')
    const { Users } = await cognito.listUsers({ UserPoolId: event.userPoolId, Filter: `email = "${email}"` })
    if (Users?.length) throw new Error('Email is already taken')
    return event
  }
}
