import { useState } from 'react'
import type { Api } from '../api.ts'
import { Alert, Field, Form, Screen, useAction } from '../parts.tsx'

interface ChangeAddressProps {
  readonly api: Api
  /** With the new address; undefined where nothing has changed. */
  onDone(address: string | undefined): Promise<void>
  onLeave(): Promise<void>
}

/** The new address first, then the code from its mailbox. Until the code is right, the user keeps the former address. */
export function ChangeAddress({ api, onDone, onLeave }: ChangeAddressProps) {
  const { isBusy, problem, run } = useAction()
  const [asked, setAsked] = useState<{ readonly address: string; readonly proof: string }>()
  const alert = (
    <Alert problem={problem}>
      {problem?.code === 'LINK_PROOF_INVALID' && (
        <button type="button" onClick={() => void onLeave()}>
          Sign in again
        </button>
      )}
    </Alert>
  )
  const leaveIt = (
    <p className="links">
      <button type="button" className="link" onClick={() => void onDone(undefined)}>
        Leave it as it is
      </button>
    </p>
  )
  if (asked) {
    return (
      <Screen title="Look into your new mail">
        <p>
          A code is on its way to <strong>{asked.address}</strong>.
        </p>
        {alert}
        <Form
          key="code"
          submit="Confirm"
          isBusy={isBusy}
          onSubmit={(value) =>
            run(async () => {
              await api.confirmAddress(asked.proof, value('code').trim())
              await onDone(asked.address)
            })
          }
        >
          <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" />
        </Form>
        {leaveIt}
      </Screen>
    )
  }
  return (
    <Screen title="Change your address">
      {alert}
      <Form
        key="address"
        submit="Send a code"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            const address = value('address').trim()
            setAsked({ address, proof: await api.changeAddress(address) })
          })
        }
      >
        <Field label="New e-mail address" name="address" type="email" autoComplete="email" />
      </Form>
      {leaveIt}
    </Screen>
  )
}
