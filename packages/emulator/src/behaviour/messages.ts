import type { BehaviourEntries } from './behaviour.ts'

const CUSTOM = 'Developer Guide: user-pool-lambda-custom-message'
const SENDER = 'Developer Guide: user-pool-lambda-custom-email-sender'

export const MESSAGES = {
  'message-01': { says: 'CustomMessage writes the mail, and the code takes the place of {####}.', source: CUSTOM },
  'message-02': { says: 'A message without the code is refused and nothing is sent.', source: CUSTOM },
  'message-03': {
    says: 'A custom e-mail needs EmailSendingAccount DEVELOPER.',
    source: CUSTOM,
  },
  'message-04': { says: 'An empty answer leaves the standard text.', source: CUSTOM },
  'message-05': { says: 'The trigger’s source names the occasion.', source: CUSTOM },
  'message-06': { says: 'An e-mail has at most 20,000 characters.', source: CUSTOM },
  'message-07': {
    says: 'A changed address runs CustomMessage_UpdateUserAttribute, whether the user or an administrator changes it.',
    source: CUSTOM,
  },
  'message-08': {
    says: 'Which address CustomMessage sees while a new one waits for its code is a switch.',
    source: CUSTOM,
    quirk: 'keepOriginalMessage',
  },
  'message-09': {
    says: 'Whether CustomMessage runs for a code that is sent by e-mail at sign-in is a switch.',
    source: CUSTOM,
    quirk: 'customMessageForEmailCode',
  },
  'sender-04': {
    says: 'Whether CustomMessage runs beside a custom sender is a switch; its text is not sent then.',
    source: SENDER,
    quirk: 'customMessageBesideSender',
  },
  'sender-01': { says: 'A custom sender takes the place of Cognito’s own delivery.', source: SENDER },
  'sender-03': {
    says: 'A custom SMS sender gets what would go to the phone.',
    source: 'Developer Guide: user-pool-lambda-custom-sms-sender',
  },
  'sender-02': { says: 'Nobody waits for a custom sender, and its error changes nothing.', source: SENDER },
} as const satisfies BehaviourEntries
