import { useEffect, useState } from 'react'
import type { Api, LinkOffer } from '../api.ts'
import { Alert, Notice, Screen, useAction } from '../parts.tsx'
import type { SignedIn } from '../session.ts'

interface ConfirmLinkProps {
  readonly api: Api
  readonly who: SignedIn
  /** Of the second sign-in. */
  readonly idToken: string
  /** `news` is what the user should read next; empty where nothing has changed. */
  onDone(news: string): void
  onLeave(): Promise<void>
}

/** Names both accounts before anything is joined. */
export function ConfirmLink({ api, who, idToken, onDone, onLeave }: ConfirmLinkProps) {
  const { isBusy, problem, run } = useAction()
  const [offer, setOffer] = useState<LinkOffer | 'linked'>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each second sign-in.
  useEffect(() => void run(async () => setOffer(await api.offerLink(idToken))), [idToken])

  if (offer === 'linked') {
    return (
      <Screen title="Already yours">
        <Notice>You can sign in this way already.</Notice>
        <button type="button" className="primary" onClick={() => onDone('')}>
          To your account
        </button>
      </Screen>
    )
  }
  return (
    <Screen title="Add this sign-in method?">
      <Alert problem={problem}>
        {problem?.code === 'LINK_PROOF_INVALID' && (
          <>
            <p>To add a sign-in method, both sign-ins have to be less than five minutes old.</p>
            <button type="button" onClick={() => void onLeave()}>
              Sign in again
            </button>
          </>
        )}
      </Alert>
      {offer && (
        <>
          <dl className="both">
            <div>
              <dt>Your account</dt>
              <dd>{who.address || 'no address'}</dd>
            </div>
            <div>
              <dt>To be added</dt>
              <dd>
                {offer.providers.join(', ')}
                <br />
                {offer.label ?? 'no address'}
              </dd>
            </div>
          </dl>
          {offer.records > 0 && (
            <p>This sign-in method has an account of its own. Its {counted(offer.records)} will be in your account.</p>
          )}
          <p>Whoever can sign in there can open your account from then on.</p>
          <button
            type="button"
            className="primary"
            aria-disabled={isBusy}
            onClick={() =>
              run(async () => {
                await api.acceptLink(offer)
                onDone(`${offer.providers.join(', ')} opens your account from now on.`)
              })
            }
          >
            Add it to my account
          </button>
        </>
      )}
      <button type="button" onClick={() => onDone('')}>
        Leave it
      </button>
    </Screen>
  )
}

const counted = (count: number) => `${count} ${count === 1 ? 'record' : 'records'}`
