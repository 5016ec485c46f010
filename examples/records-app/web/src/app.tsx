import type { CallbackResult } from 'onesub/browser'
import { useCallback, useEffect, useState } from 'react'
import icon from '../icon.svg'
import type { Api } from './api.ts'
import type { Config } from './config.ts'
import { Screen } from './parts.tsx'
import { type Path, useRoute } from './route.ts'
import { Account } from './screens/account.tsx'
import { ConfirmLink } from './screens/confirm-link.tsx'
import { Records } from './screens/records.tsx'
import { ResetPassword } from './screens/reset-password.tsx'
import { SignIn } from './screens/sign-in.tsx'
import { SignUp } from './screens/sign-up.tsx'
import { Unclaimed } from './screens/unclaimed.tsx'
import type { Session, SignedIn } from './session.ts'
import type { Problem } from './words.ts'

interface AppProps {
  readonly session: Session
  readonly api: Api
  readonly config: Config
  /** What the address of this page load had to say. */
  readonly arrival: CallbackResult
}

type Who = SignedIn | 'nobody' | 'unknown'

export function App({ session, api, config, arrival }: AppProps) {
  const [who, setWho] = useState<Who>('unknown')
  const [path, go] = useRoute()
  const [problem, setProblem] = useState(() => problemIn(arrival))
  const [news, setNews] = useState('')
  const [addition, setAddition] = useState(() => additionIn(arrival))
  // The sign-in method has no person: the server knows it, and says so at the first call.
  const [isUnclaimed, setUnclaimed] = useState(false)

  const look = useCallback(async () => setWho((await session.current()) ?? 'nobody'), [session])
  useEffect(() => void look(), [look])
  useEffect(() => session.onLeft(() => setWho('nobody')), [session])
  // A page that the browser kept for Back may belong to a user who has signed out since.
  useEffect(() => {
    const lookAgain = ({ persisted }: PageTransitionEvent) => persisted && location.reload()
    addEventListener('pageshow', lookAgain)
    return () => removeEventListener('pageshow', lookAgain)
  }, [])

  const enter = async () => {
    setProblem(undefined)
    go('/')
    await look()
  }
  const leave = async () => {
    // First the screen, then the session: the page may be kept for Back as it looks when it goes.
    setWho('unknown')
    await session.leave()
  }
  const goTo = (next: Path) => {
    setProblem(undefined)
    setNews('')
    go(next)
  }

  if (arrival.kind === 'retry-by-click') {
    return (
      <Screen title="One more click">
        <p>The two are connected now. Your provider wants to be asked once more.</p>
        <button type="button" className="primary" onClick={() => void arrival.again()}>
          Sign in
        </button>
        <a href="/">Not now</a>
      </Screen>
    )
  }
  if (who === 'unknown') return null
  if (who === 'nobody') {
    return (
      <>
        <Brand />
        {path === '/sign-up' ? (
          <SignUp session={session} onEntered={enter} goTo={goTo} />
        ) : path === '/reset' ? (
          <ResetPassword session={session} onEntered={enter} onBack={() => goTo('/')} />
        ) : (
          <SignIn session={session} providers={config.providers} problem={problem} onEntered={enter} goTo={goTo} />
        )}
      </>
    )
  }
  if (isUnclaimed) {
    return (
      <>
        <Brand />
        <Unclaimed api={api} who={who} onBegun={() => setUnclaimed(false)} onLeave={leave} />
      </>
    )
  }
  const answered = (said: string) => {
    setNews(said)
    setAddition(undefined)
  }
  return (
    <>
      <Bar who={who} path={path} goTo={goTo} onLeave={leave} />
      {addition !== undefined ? (
        <ConfirmLink api={api} who={who} idToken={addition} onDone={answered} onLeave={leave} />
      ) : path === '/account' ? (
        <Account
          session={session}
          api={api}
          who={who}
          config={config}
          problem={problem}
          news={news}
          onUnclaimed={() => setUnclaimed(true)}
          onAddressChanged={async () => {
            await session.refresh()
            await look()
          }}
          onLeave={leave}
        />
      ) : (
        <Records api={api} onUnclaimed={() => setUnclaimed(true)} onEnded={leave} />
      )}
    </>
  )
}

function Brand() {
  return (
    <div className="brand">
      <img src={icon} alt="" width="32" height="32" />
      Personal records
    </div>
  )
}

interface BarProps {
  readonly who: SignedIn
  readonly path: Path
  goTo(path: Path): void
  onLeave(): Promise<void>
}

function Bar({ who, path, goTo, onLeave }: BarProps) {
  const link = (to: Path, name: string) => (
    <a
      href={to}
      aria-current={path === to ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault()
        goTo(to)
      }}
    >
      {name}
    </a>
  )
  return (
    <header>
      <nav aria-label="App">
        {link('/', 'Records')}
        {link('/account', 'Account')}
      </nav>
      <span className="who">{who.address}</span>
      <button type="button" className="compact" onClick={() => void onLeave()}>
        Sign out
      </button>
    </header>
  )
}

function problemIn(arrival: CallbackResult): Problem | undefined {
  switch (arrival.kind) {
    case 'refused':
      return arrival.refusal
    case 'foreign':
      return { says: 'This link belongs to another sign-in. Please sign in here.', code: 'foreign' }
    default:
      return undefined
  }
}

/** The ID token of the second sign-in method, in memory only. */
function additionIn(arrival: CallbackResult): string | undefined {
  return arrival.kind === 'signed-in' && arrival.purpose === 'link' ? arrival.tokens.idToken : undefined
}
