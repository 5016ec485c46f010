import { useCallback, useEffect, useState } from 'react'
import type { Api, SignInMethod, SignInMethods } from '../api.ts'
import type { Config } from '../config.ts'
import { Alert, Notice, Screen, useAction } from '../parts.tsx'
import type { Session, SignedIn } from '../session.ts'
import { type Problem, problemOf } from '../words.ts'
import { ChangeAddress } from './change-address.tsx'
import { NewPassword } from './reset-password.tsx'

/** A little less than the server's five minutes, for the way to the provider and back. */
const FRESH_FOR_MS = 4 * 60_000

interface AccountProps {
  readonly session: Session
  readonly api: Api
  readonly who: SignedIn
  readonly config: Config
  /** Of a second sign-in that ended elsewhere. */
  readonly problem: Problem | undefined
  /** Of what has just been done elsewhere. */
  readonly news: string
  onUnclaimed(): void
  onAddressChanged(): Promise<void>
  onLeave(): Promise<void>
}

export function Account(props: AccountProps) {
  return props.config.linking ? <WaysInPage {...props} /> : <OneWayIn who={props.who} />
}

/** Where the server knows the token and nothing behind it. */
function OneWayIn({ who }: { readonly who: SignedIn }) {
  return (
    <Screen title="Your account">
      <ul className="ways">
        <li>
          <span>{who.providers.length > 0 ? who.providers.join(', ') : 'E-mail and password'}</span>
          <small>{who.address || 'no address'}</small>
        </li>
      </ul>
      <p>Each way to sign in is an account of its own here. There is nothing to add or to take off.</p>
    </Screen>
  )
}

function WaysInPage(props: AccountProps) {
  const { session, api, who, config, problem: before, news: told, onUnclaimed, onAddressChanged, onLeave } = props
  const [account, setAccount] = useState<SignInMethods>()
  const [news, setNews] = useState(told)
  const [asked, setAsked] = useState<SignInMethod>()
  const [isSettingPassword, setSettingPassword] = useState(false)
  const [isChangingAddress, setChangingAddress] = useState(false)
  const { isBusy, problem, run } = useAction()
  // The server asks for sign-ins of the last five minutes; better to know before a second one than after it.
  const isFresh = Date.now() - who.signedInAt < FRESH_FOR_MS

  const load = useCallback(async () => {
    try {
      setAccount(await api.signInMethods())
    } catch (error) {
      if (problemOf(error).code === 'PERSON_UNKNOWN') return onUnclaimed()
      throw error
    }
  }, [api, onUnclaimed])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen opens; `run` is another function each time.
  useEffect(() => void run(load), [])

  const takeOff = (way: SignInMethod) =>
    run(async () => {
      setAsked(undefined)
      setNews('')
      await api.unlink(way)
      await load()
      setNews(`${way.provider} no longer opens your account.`)
    })

  if (isSettingPassword) {
    return (
      <Screen title="Set a password">
        <NewPassword
          session={session}
          userName={who.userName}
          onSet={async () => {
            setSettingPassword(false)
            await load()
            setNews('You can sign in with your address and this password now.')
          }}
        />
      </Screen>
    )
  }
  if (isChangingAddress) {
    return (
      <ChangeAddress
        api={api}
        onDone={async (address) => {
          if (address !== undefined) await onAddressChanged()
          setNews(address === undefined ? '' : `Your address is ${address} now.`)
          setChangingAddress(false)
        }}
        onLeave={onLeave}
      />
    )
  }
  return (
    <Screen title="Your account">
      <Alert problem={problem ?? before}>
        {problem?.code === 'LINK_PROOF_INVALID' && (
          <button type="button" onClick={() => void onLeave()}>
            Sign in again
          </button>
        )}
      </Alert>
      <Notice>{news}</Notice>
      <h2>Sign-in methods</h2>
      <ul className="ways">
        {account?.ways.map((way) => (
          <li key={`${way.provider} ${way.subject}`}>
            <span>{way.provider === 'Cognito' ? 'E-mail and password' : way.provider}</span>
            {isFresh && way.provider !== 'Cognito' && asked !== way && (
              <button
                type="button"
                className="compact"
                aria-label={`Take off ${way.provider}`}
                onClick={() => setAsked(way)}
              >
                Take off
              </button>
            )}
            {asked === way && (
              <div className="sure">
                <p>{way.provider} will no longer open your account.</p>
                <button type="button" className="danger" onClick={() => void takeOff(way)}>
                  Take {way.provider} off
                </button>
                <button type="button" onClick={() => setAsked(undefined)}>
                  Keep it
                </button>
              </div>
            )}
          </li>
        ))}
        {account?.password === 'resettable' && (
          <li>
            <span>No password yet</span>
            <button
              type="button"
              className="compact"
              onClick={() =>
                run(async () => {
                  await session.askForReset(who.userName)
                  setSettingPassword(true)
                })
              }
            >
              Set a password
            </button>
          </li>
        )}
      </ul>
      {account && account.password !== 'none' && isFresh && (
        <>
          <h2>Your address</h2>
          <p>{who.address || 'no address'}</p>
          <button type="button" onClick={() => setChangingAddress(true)}>
            Change the address
          </button>
        </>
      )}
      <h2>Add a sign-in method</h2>
      {isFresh ? (
        <>
          <p>Sign in there once more, and your account has another sign-in method.</p>
          <div className="providers">
            {config.providers.map((name) => (
              <button key={name} type="button" aria-disabled={isBusy} onClick={() => run(() => session.addWayIn(name))}>
                {account?.ways.some(({ provider }) => provider === name) ? `Add another ${name}` : `Add ${name}`}
              </button>
            ))}
          </div>
        </>
      ) : (
        <>
          <p>You signed in a while ago. Sign in again to change how your account is opened.</p>
          <button type="button" onClick={() => void onLeave()}>
            Sign in again
          </button>
        </>
      )}
    </Screen>
  )
}
