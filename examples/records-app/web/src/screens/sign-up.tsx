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
  const [typed, setTyped] = useState({ address: '', password: '' })
  const [isBegun, setBegun] = useState(false)
  if (isBegun) return <ConfirmAddress session={session} {...typed} onEntered={onEntered} />
  return (
    <Screen title="Sign up">
      <Alert problem={problem}>
        {problem?.code === 'IDENTIFIER_TAKEN' && (
          <button type="button" onClick={() => goTo('/')}>
            Sign in instead
          </button>
        )}
        {problem?.code === 'SIGN_UP_UNFINISHED' && (
          <button type="button" onClick={() => setBegun(true)}>
            Enter the code
          </button>
        )}
      </Alert>
      <Form
        submit="Sign up"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            const address = value('address')
            const password = value('password')
            setTyped({ address, password })
            await session.signUp(address, password)
            setBegun(true)
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
