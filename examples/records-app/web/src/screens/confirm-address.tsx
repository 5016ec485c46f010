import { useState } from 'react'
import { Alert, Field, Form, Notice, Screen, useAction } from '../parts.tsx'
import type { Session } from '../session.ts'

interface ConfirmAddressProps {
  readonly session: Session
  readonly address: string
  /** In memory until the user is signed in. */
  readonly password: string
  onEntered(): Promise<void>
}

export function ConfirmAddress({ session, address, password, onEntered }: ConfirmAddressProps) {
  const { isBusy, problem, run } = useAction()
  const [isSentAgain, setSentAgain] = useState(false)
  return (
    <Screen title="Look into your mail">
      <p>
        A code is on its way to <strong>{address}</strong>.
      </p>
      <Alert problem={problem} />
      <Notice>{isSentAgain && 'Another code is on its way. Only the newest one counts.'}</Notice>
      <Form
        submit="Confirm"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            await session.confirm(address, value('code').trim())
            await session.signIn(address, password)
            await onEntered()
          })
        }
      >
        <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" />
      </Form>
      <p className="links">
        <button
          type="button"
          className="link"
          onClick={() =>
            run(async () => {
              await session.sendCodeAgain(address)
              setSentAgain(true)
            })
          }
        >
          Send another code
        </button>
      </p>
    </Screen>
  )
}
