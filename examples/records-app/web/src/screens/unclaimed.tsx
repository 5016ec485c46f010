import type { Api } from '../api.ts'
import { Alert, Screen, useAction } from '../parts.tsx'
import type { SignedIn } from '../session.ts'

interface UnclaimedProps {
  readonly api: Api
  readonly who: SignedIn
  onBegun(): void
  onLeave(): Promise<void>
}

/** The sign-in method was unlinked, or waits for proof: it has no person until the user decides. */
export function Unclaimed({ api, who, onBegun, onLeave }: UnclaimedProps) {
  const { isBusy, problem, run } = useAction()
  return (
    <Screen title="This sign-in method has no account">
      <p>
        You came by {who.providers[0] ?? 'a password'}
        {who.address && ` as ${who.address}`}. It was taken off an account, or was never added to one.
      </p>
      <Alert problem={problem} />
      <p>
        <strong>You have an account?</strong> Sign in the way you did before, and add this one on the account page.
      </p>
      <button type="button" className="primary" onClick={() => void onLeave()}>
        Sign in another way
      </button>
      <p>
        <strong>You want a new one?</strong> It starts empty, and this sign-in method belongs to it from then on.
      </p>
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={() =>
          run(async () => {
            await api.startSeparatePerson()
            onBegun()
          })
        }
      >
        Begin a new account
      </button>
    </Screen>
  )
}
