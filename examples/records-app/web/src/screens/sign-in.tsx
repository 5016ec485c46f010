import { useState } from 'react'
import { Alert, Field, Form, Screen, useAction } from '../parts.tsx'
import type { Path } from '../route.ts'
import type { Session } from '../session.ts'
import type { Problem } from '../words.ts'
import { ConfirmAddress } from './confirm-address.tsx'
import { Providers } from './providers.tsx'

interface SignInProps {
  readonly session: Session
  readonly providers: readonly string[]
  /** Of a sign-in that ended elsewhere, at a provider. */
  readonly problem: Problem | undefined
  onEntered(): Promise<void>
  goTo(path: Path): void
}

export function SignIn({ session, providers, problem: before, onEntered, goTo }: SignInProps) {
  const { isBusy, problem, run } = useAction()
  const [unconfirmed, setUnconfirmed] = useState<{ readonly address: string; readonly password: string }>()
  if (unconfirmed) return <ConfirmAddress session={session} {...unconfirmed} onEntered={onEntered} />
  return (
    <Screen title="Sign in">
      <Alert problem={problem ?? before} />
      <Form
        submit="Sign in"
        isBusy={isBusy}
        onSubmit={(value) =>
          run(async () => {
            const typed = { address: value('address'), password: value('password') }
            const entry = await session.signIn(typed.address, typed.password)
            if (entry === 'confirm-address') setUnconfirmed(typed)
            else if (entry === 'new-password') goTo('/reset')
            else await onEntered()
          })
        }
      >
        <Field label="E-mail address" name="address" type="email" autoComplete="username" />
        <Field label="Password" name="password" type="password" autoComplete="current-password" />
      </Form>
      <Providers names={providers} onChoose={(name) => run(() => session.continueWith(name))} />
      <p className="links">
        <button type="button" className="link" onClick={() => goTo('/sign-up')}>
          Sign up
        </button>
        <button type="button" className="link" onClick={() => goTo('/reset')}>
          Forgot your password?
        </button>
      </p>
    </Screen>
  )
}
