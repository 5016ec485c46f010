import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isRecord, isText, type JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { TriggersContext } from '../triggers/context.ts'
import { unrecognizable } from '../triggers/run.ts'
import { attributesForTriggers, type MessageSource, type SenderSlot, triggerEvent } from '../triggers/trigger-event.ts'

/** The welcome message of a migrated user has no source of its own: a trigger sees it as AdminCreateUser. */
type Reason = MessageSource | 'MigrationWelcome'

const isInvitationLike = (source: Reason) => source === 'AdminCreateUser' || source === 'MigrationWelcome'
const sourceOf = (reason: Reason): MessageSource => (reason === 'MigrationWelcome' ? 'AdminCreateUser' : reason)

/** Why a message is sent, and for which call. */
export interface Occasion {
  readonly source: Reason
  readonly clientId: string | undefined
  readonly metadata: Readonly<Record<string, string>> | undefined
}

export interface Outgoing extends Occasion {
  readonly pool: Pool
  readonly user: User
  readonly medium: 'EMAIL' | 'SMS'
  /** Empty for an invitation without a password. */
  readonly code: string
}

export interface Composed {
  readonly sentBy: 'Cognito' | SenderSlot
  readonly body: string
  readonly subject?: string
}

const CODE = '{####}'
const USERNAME = '{username}'

/** The text that the user would read. A custom sender replaces Cognito's own delivery, and so CustomMessage. */
export async function compose(context: TriggersContext, outgoing: Outgoing): Promise<Composed> {
  const { pool, medium } = outgoing
  const sender = medium === 'EMAIL' ? 'CustomEmailSender' : 'CustomSMSSender'
  const isCustom = isRecord(pool.settings.lambdaConfig[sender])
  if (isCustom) notifySender(context, outgoing, sender)
  const written = runsCustomMessage(context, outgoing, isCustom) ? await templateOf(context, outgoing) : undefined
  const template = written && !isCustom ? written : standardTemplate(outgoing)
  const filled = filledIn(outgoing, template.body)
  return medium === 'EMAIL'
    ? { sentBy: isCustom ? sender : 'Cognito', body: filled, subject: template.subject }
    : { sentBy: isCustom ? sender : 'Cognito', body: filled }
}

function runsCustomMessage(context: QuirksContext, { pool, medium, source }: Outgoing, hasSender: boolean): boolean {
  const { customMessageBesideSender, customMessageForEmailCode, migrationWelcome } = quirksOf(context, pool)
  if (source === 'MigrationWelcome' && migrationWelcome === 'withoutTrigger') return false
  if (hasSender && customMessageBesideSender === 'notRun') return false
  const isEmailCode = medium === 'EMAIL' && source === 'Authentication'
  return !(isEmailCode && customMessageForEmailCode === 'notRun')
}

/** While a new address waits for its code, the trigger sees the old or the new one (quirk keepOriginalMessage). */
function attributesIn(context: QuirksContext, { pool, user }: Outgoing): Readonly<Record<string, string>> {
  const shown = attributesForTriggers(pool, user)
  if (quirksOf(context, pool).keepOriginalMessage === 'original') return shown
  return { ...shown, ...Object.fromEntries(pool.shown(user.pending)) }
}

interface Template {
  readonly body: string
  readonly subject: string
}

function standardTemplate({ pool, source, medium, code }: Outgoing): Template {
  const isInvitation = isInvitationLike(source)
  const withPassword = code === '' ? '' : ` and temporary password is ${CODE}`
  const plain = isInvitation
    ? `Your username is ${USERNAME}${withPassword}.`
    : `Your ${source === 'Authentication' ? 'authentication' : 'verification'} code is ${CODE}.`
  const own = isInvitation ? undefined : ownTemplate(pool.settings.recorded, medium, source)
  const subject = isInvitation ? 'Your temporary password' : 'Your verification code'
  return { body: own?.body ?? plain, subject: own?.subject ?? subject }
}

/** API reference: UserPoolType, VerificationMessageTemplate and the older fields for the same texts. */
function ownTemplate(recorded: JsonRecord, medium: 'EMAIL' | 'SMS', source: Reason): Partial<Template> {
  const newer = isRecord(recorded.VerificationMessageTemplate) ? recorded.VerificationMessageTemplate : {}
  const texts =
    medium === 'EMAIL'
      ? [newer.EmailMessage, recorded.EmailVerificationMessage]
      : source === 'Authentication'
        ? [recorded.SmsAuthenticationMessage]
        : [newer.SmsMessage, recorded.SmsVerificationMessage]
  const body = texts.filter(isText).find((text) => text.includes(CODE))
  const subject = [newer.EmailSubject, recorded.EmailVerificationSubject].find(isText)
  return { ...(body !== undefined && { body }), ...(subject !== undefined && { subject }) }
}

const LONGEST = { EMAIL: 20_000, SMS: 140 } as const

/** Developer Guide: user-pool-lambda-custom-message. */
async function templateOf(context: TriggersContext, outgoing: Outgoing): Promise<Template> {
  const { pool, user, source, medium, clientId, metadata } = outgoing
  const standard = standardTemplate(outgoing)
  const event = triggerEvent({
    pool,
    clientId,
    userName: user.username,
    triggerSource: `CustomMessage_${sourceOf(source)}`,
    request: {
      userAttributes: attributesIn(context, outgoing),
      codeParameter: CODE,
      linkParameter: '{##Click Here##}',
      usernameParameter: isInvitationLike(source) ? USERNAME : null,
      ...(metadata && { clientMetadata: metadata }),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  })
  const response = await context.triggers.run(pool, 'CustomMessage', event)
  if (!response) return standard
  const { smsMessage, emailMessage, emailSubject } = checkedTexts(pool, response)
  const body = medium === 'EMAIL' ? emailMessage : smsMessage
  if (body !== undefined) checkBody(outgoing, body)
  return { body: body ?? standard.body, subject: emailSubject ?? standard.subject }
}

const invalid = (why: string) => new CognitoFault('InvalidLambdaResponseException', why)

function checkedTexts(pool: Pool, { smsMessage, emailMessage, emailSubject }: JsonRecord) {
  const texts = { smsMessage: text(smsMessage), emailMessage: text(emailMessage), emailSubject: text(emailSubject) }
  const { EmailConfiguration: email } = pool.settings.recorded
  const isOwnSender = isRecord(email) && email.EmailSendingAccount === 'DEVELOPER'
  const hasEmail = texts.emailMessage !== undefined || texts.emailSubject !== undefined
  if (hasEmail && !isOwnSender) throw invalid('An e-mail message needs EmailSendingAccount DEVELOPER.')
  return texts
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (!isText(value)) throw unrecognizable()
  return value
}

function checkBody({ medium, source, code }: Outgoing, body: string): void {
  if (code !== '' && !body.includes(CODE)) throw invalid(`The message must contain the code parameter ${CODE}.`)
  if (isInvitationLike(source) && !body.includes(USERNAME)) {
    throw invalid(`The message must contain the username parameter ${USERNAME}.`)
  }
  if (body.length > LONGEST[medium]) throw invalid(`The message is longer than ${LONGEST[medium]} characters.`)
}

const filledIn = ({ code, user }: Outgoing, body: string) =>
  body.replaceAll(CODE, () => code).replaceAll(USERNAME, () => user.username)

const TYPES = { CustomEmailSender: 'customEmailSenderRequestV1', CustomSMSSender: 'customSMSSenderRequestV1' } as const
/** At AWS the code is AWS-Encryption-SDK ciphertext; there is no key here, and this text says so. */
const STAND_IN = 'onesub-emulator-not-encrypted:'

/** The call does not wait for a custom sender, and its answer or error changes nothing (user-pool-lambda-custom-email-sender). */
function notifySender(context: TriggersContext, outgoing: Outgoing, sender: SenderSlot): void {
  const { pool, user, source, clientId, metadata, code } = outgoing
  // Temporary passwords arrive HTML-escaped there (same guide page).
  const shown = isInvitationLike(source) ? escaped(code) : code
  const event = triggerEvent({
    pool,
    clientId,
    userName: user.username,
    triggerSource: `${sender}_${sourceOf(source)}`,
    request: {
      type: TYPES[sender],
      code: Buffer.from(`${STAND_IN}${shown}`).toString('base64'),
      userAttributes: attributesForTriggers(pool, user),
      ...(metadata && { clientMetadata: metadata }),
    },
    response: {},
  })
  context.triggers.run(pool, sender, event).catch(() => {})
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (plain: string) => plain.replace(/[&<>"']/gu, (sign) => ESCAPES[sign] ?? sign)
