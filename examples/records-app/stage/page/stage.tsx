import { useEffect, useState } from 'react'
import type { Mail, Seen } from '../side.ts'
import { Walk } from './walk.tsx'

interface Pane extends Seen {
  readonly origin: string
}

interface Panes {
  readonly alone: Pane
  readonly onesub: Pane
}

const EVERY_MS = 1_000

/** What there is on both sides, asked for again and again, since the user acts in the panes and in the mailbox. */
function useSeen(): Panes | undefined {
  const [seen, setSeen] = useState<Panes>()
  useEffect(() => {
    const look = async () => {
      const response = await fetch('/seen.json').catch(() => undefined)
      if (response?.ok) setSeen(await response.json())
    }
    void look()
    const timer = setInterval(look, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return seen
}

export function Stage() {
  const seen = useSeen()
  if (!seen) return <p className="wait">Opening …</p>
  return (
    <>
      <Walk />
      <main>
        <PaneView
          name="alone"
          title="Cognito alone"
          says="with the usual ListUsers check; data under the token’s sub"
          pane={seen.alone}
        />
        <PaneView
          name="onesub"
          title="Cognito with onesub"
          says="the same pool and the same app; data under the person id"
          pane={seen.onesub}
        />
      </main>
    </>
  )
}

interface PaneProps {
  readonly name: string
  readonly title: string
  readonly says: string
  readonly pane: Pane
}

function PaneView({ name, title, says, pane }: PaneProps) {
  return (
    <section aria-labelledby={name}>
      <div className="head">
        <h2 id={name}>{title}</h2>
        <a href={pane.origin} target="_blank" rel="noreferrer">
          open in a tab ↗
        </a>
        <p>{says}</p>
      </div>
      <Counts pane={pane} />
      <MailView mail={pane.mail} />
      <iframe title={`The records app: ${title}`} name={name} src={pane.origin} />
      <Directory pane={pane} />
    </section>
  )
}

function Counts({ pane: { users, records } }: { readonly pane: Pane }) {
  const places = records.filter((count) => count > 0).length
  return (
    <dl className="counts">
      <Count name="users in the pool" value={users.length} />
      <Count name="persons to the app" value={records.length} />
      <Count name="places with Ada’s records" value={places} />
    </dl>
  )
}

function Count({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div data-many={value > 1}>
      <dd>{value}</dd>
      <dt>{name}</dt>
    </div>
  )
}

function MailView({ mail: [newest] }: { readonly mail: readonly Mail[] }) {
  return (
    <p className="mail" aria-live="polite">
      <span>Your mail</span>
      {newest ? (
        <>
          <strong>{newest.code}</strong> for {newest.to}
          <button type="button" onClick={() => void navigator.clipboard.writeText(newest.code)}>
            Copy the code
          </button>
        </>
      ) : (
        'is empty. Codes arrive here.'
      )}
    </p>
  )
}

/** Ada's user in the pool, and Ada's id in the app. */
function Directory({ pane: { users, records } }: { readonly pane: Pane }) {
  if (users.length === 0) return <p className="nobody">Nobody is in this pool yet.</p>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">User of the pool</th>
          <th scope="col">Person</th>
          <th scope="col">Records</th>
        </tr>
      </thead>
      <tbody>
        {users.map(({ address, providers, isConfirmed, person }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pool lists its users in one order, and two may look alike.
          <tr key={at}>
            <td>
              {address || 'no address'}
              {providers.map((provider) => (
                <span key={provider} className="tag">
                  {provider}
                </span>
              ))}
              {!isConfirmed && <span className="tag">not confirmed</span>}
            </td>
            <td>
              {person === null ? 'nobody' : <span className={`person p${((person - 1) % 4) + 1}`}>{person}</span>}
            </td>
            <td>{person === null ? '–' : records[person - 1]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
