import { useState } from 'react'
import { Alert, Field, Form, Screen, useAction } from '../parts.tsx'
import type { Path } from '../route.ts'
import type { Session } from '../session.ts'
import { ConfirmAddress } from './confirm-address.tsx'

interface SignUpProps {
  readonly session: Session
  onEntered(): Promise<void>
  goTo(path: Path): void
}

export function SignUp({ session, onEntered, goTo }: SignUpProps) {
  const { isBusy, problem, run } = useAction()
  const [begun, setBegun] = useState<{ readonly address: string; readonly password: string }>()
  if (begun) return <ConfirmAddress session={session} {...begun} onEntered={onEntered} />
  return (
    <Screen title="Sign up">
      <Alert problem={problem}>
        {problem?.code === 'KEY_TAKEN' && (
          <button type="button" onClick={() => goTo('/')}>
            Sign in instead
          </button>
        )}
      </Alert>
      <Form
        submit="Sign up"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            const typed = { address: value('address'), password: value('password') }
            await session.signUp(typed.address, typed.password)
            setBegun(typed)
          })
        }
      >
        <Field label="E-mail address" name="address" type="email" autoComplete="username" />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more, with small and capital letters, a digit and a symbol."
        />
      </Form>
      <p className="links">
        <button type="button" className="link" onClick={() => goTo('/')}>
          I have an account
        </button>
      </p>
    </Screen>
  )
}
