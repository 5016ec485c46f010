import type { CodePurpose } from '../state/user.ts'

/** A code, or a temporary password, that Cognito would have sent. */
export interface Message {
  readonly userPoolId: string
  readonly username: string
  readonly purpose: CodePurpose | 'AdminCreateUser' | 'Authentication'
  readonly medium: 'EMAIL' | 'SMS'
  readonly destination: string
  readonly code: string
  readonly subject?: string
  /** The text of the message. */
  readonly body: string
  /** A custom sender replaces Cognito's own delivery. */
  readonly sentBy: 'Cognito' | 'CustomEmailSender' | 'CustomSMSSender'
  readonly at: number
}

const MOST_MESSAGES_PER_USER = 20
const key = (userPoolId: string, username: string) => `${userPoolId}\n${username}`

export class Inbox {
  readonly #messages = new Map<string, Message[]>()

  put(message: Message): void {
    const messages = this.#messages.get(key(message.userPoolId, message.username)) ?? []
    messages.push(message)
    if (messages.length > MOST_MESSAGES_PER_USER) messages.shift()
    this.#messages.set(key(message.userPoolId, message.username), messages)
  }

  of(userPoolId: string, username: string): readonly Message[] {
    return this.#messages.get(key(userPoolId, username)) ?? []
  }

  newest(userPoolId: string, username: string): Message | undefined {
    return this.of(userPoolId, username).at(-1)
  }

  clear(): void {
    this.#messages.clear()
  }
}
