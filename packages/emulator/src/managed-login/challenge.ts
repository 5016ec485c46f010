import { notEmulated } from '../shared/faults.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import { type Field, formPage } from './form.ts'
import type { Markup } from './page.ts'
import { perform, secretHash, type Visitor } from './visitor.ts'

const CODE_NAMES: Readonly<Record<string, string>> = {
  SMS_MFA: 'SMS_MFA_CODE',
  SMS_OTP: 'SMS_OTP_CODE',
  EMAIL_OTP: 'EMAIL_OTP_CODE',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
}

/** The page for the next challenge: a code or a new password. */
export function challengePage(
  visitor: Visitor,
  { ChallengeName, Session, ChallengeParameters }: JsonRecord,
  complaint?: string,
): Markup {
  const name = isText(ChallengeName) ? ChallengeName : ''
  const parameters = isRecord(ChallengeParameters) ? ChallengeParameters : {}
  const asked = fieldsFor(name, parameters)
  const { c, search, form } = visitor
  const username = isText(parameters.USER_ID_FOR_SRP) ? parameters.USER_ID_FOR_SRP : (form.username ?? '')
  return formPage(c, {
    title: name === 'NEW_PASSWORD_REQUIRED' ? 'Choose a password of your own' : 'Enter your code',
    action: `/login${search}`,
    complaint,
    hidden: { challenge: name, session: isText(Session) ? Session : '', username },
    fields: asked,
    submit: 'Continue',
  })
}

function fieldsFor(name: string, parameters: JsonRecord): readonly Field[] {
  const code = CODE_NAMES[name]
  if (code !== undefined) return [{ name: code, label: 'Code', autocomplete: 'one-time-code' }]
  // Without a page the sign-in must fail: skipping the challenge would be less strict than Cognito.
  if (name !== 'NEW_PASSWORD_REQUIRED') throw notEmulated(`A page for the challenge ${name}`)
  const required: unknown = JSON.parse(isText(parameters.requiredAttributes) ? parameters.requiredAttributes : '[]')
  const attributes = Array.isArray(required) ? required.filter(isText) : []
  return [
    { name: 'NEW_PASSWORD', label: 'New password', type: 'password', autocomplete: 'new-password' },
    ...attributes.map((attribute) => ({ name: attribute, label: attribute.replace('userAttributes.', '') })),
  ]
}

/** The same page again, with the error above the form. */
export function challengeAgain(visitor: Visitor, complaint: string): Markup {
  const { challenge, session, username, ...rest } = visitor.form
  const requiredAttributes = JSON.stringify(Object.keys(rest).filter((name) => name.startsWith('userAttributes.')))
  const ChallengeParameters = { USER_ID_FOR_SRP: username, requiredAttributes }
  return challengePage(visitor, { ChallengeName: challenge, Session: session, ChallengeParameters }, complaint)
}

export const isChallengeForm = ({ form }: Visitor) => form.challenge !== undefined

const isAnswer = (name: string) =>
  name === 'NEW_PASSWORD' || name.startsWith('userAttributes.') || Object.values(CODE_NAMES).includes(name)

export async function respondToChallenge(visitor: Visitor): Promise<JsonRecord> {
  const { form, clientInPool } = visitor
  const username = form.username ?? ''
  const answers = Object.fromEntries(Object.entries(form).filter(([name]) => isAnswer(name)))
  const hash = secretHash(clientInPool, username)
  return await perform(visitor, 'RespondToAuthChallenge', username, {
    ChallengeName: form.challenge,
    Session: form.session,
    ChallengeResponses: { ...answers, USERNAME: username, ...(hash !== undefined && { SECRET_HASH: hash }) },
  })
}
