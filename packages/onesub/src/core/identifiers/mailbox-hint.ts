import type { Identifier } from './identifier.ts'

interface Provider {
  readonly domain: string
  readonly ignoresDots: boolean
}

// Only providers that say so themselves, and only what they say. Tags: Gmail Help, "Create task-specific email
// addresses"; Microsoft, "Plus addressing in Exchange Online" (and Outlook.com before it); Proton support, "Addresses and
// aliases". Dots, and googlemail.com for gmail.com: Gmail Help, "Dots don't matter in Gmail addresses".
const GMAIL: Provider = { domain: 'gmail.com', ignoresDots: true }
const PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['gmail.com', GMAIL],
  ['googlemail.com', GMAIL],
  ...['outlook.com', 'hotmail.com', 'proton.me', 'protonmail.com'].map(onlyTags),
])

/**
 * A weak hint that two addresses reach one mailbox, for abuse limits and the audit. It is a plain string on purpose: it
 * cannot be used as an identifier, because joining on it hands the account of one person to the owner of another mailbox.
 */
export function mailboxHint(key: Identifier<'email'>): string | undefined {
  const [local = '', domain = ''] = key.value.split('@')
  const provider = PROVIDERS.get(domain)
  if (!provider) return undefined
  const [untagged = ''] = local.split('+')
  const mailbox = provider.ignoresDots ? untagged.replaceAll('.', '') : untagged
  return mailbox === '' ? undefined : `${mailbox}@${provider.domain}`
}

function onlyTags(domain: string): [string, Provider] {
  return [domain, { domain, ignoresDots: false }]
}
