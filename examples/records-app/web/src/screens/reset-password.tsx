import { useState } from 'react'
import { Alert, Field, Form, Screen, useAction } from '../parts.tsx'
import type { Session } from '../session.ts'

interface ResetPasswordProps {
  readonly session: Session
  onEntered(): Promise<void>
  onBack(): void
}

/** For whoever has forgotten it. */
export function ResetPassword({ session, onEntered, onBack }: ResetPasswordProps) {
  const { isBusy, problem, run } = useAction()
  const [address, setAddress] = useState<string>()
  const back = (
    <p className="links">
      <button type="button" className="link" onClick={onBack}>
        Back to sign in
      </button>
    </p>
  )
  if (address !== undefined) {
    const enter = async (password: string) => {
      await session.signIn(address, password)
      await onEntered()
    }
    return (
      <Screen title="Choose a new password">
        <NewPassword session={session} userName={address} onSet={enter} />
        {back}
      </Screen>
    )
  }
  return (
    <Screen title="Reset your password">
      <Alert problem={problem} />
      <Form
        submit="Send a code"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            await session.askForReset(value('address'))
            setAddress(value('address'))
          })
        }
      >
        <Field label="E-mail address" name="address" type="email" autoComplete="username" />
      </Form>
      {back}
    </Screen>
  )
}

interface NewPasswordProps {
  readonly session: Session
  readonly userName: string
  onSet(password: string): Promise<void>
}

/** The second half of a reset: the code from the mail, and the password. */
export function NewPassword({ session, userName, onSet }: NewPasswordProps) {
  const { isBusy, problem, run } = useAction()
  return (
    <>
      <p>If this address has an account, a code is on its way.</p>
      <Alert problem={problem} />
      <Form
        submit="Set the password"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            await session.reset(userName, value('code').trim(), value('password'))
            await onSet(value('password'))
          })
        }
      >
        <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" />
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more, with small and capital letters, a digit and a symbol."
        />
      </Form>
    </>
  )
}
