import { useCallback, useEffect, useId, useState } from 'react'
import { type TrainingRecord, UNITS } from '../../../api/training-record.ts'
import type { Api } from '../api.ts'
import { Alert, Field, Form, Notice, Screen, useAction } from '../parts.tsx'
import { problemOf } from '../words.ts'

interface RecordsProps {
  readonly api: Api
  /** The sign-in method has no person. */
  onUnclaimed(): void
  /** The session has ended. */
  onEnded(): Promise<void>
}

export function Records({ api, onUnclaimed, onEnded }: RecordsProps) {
  const [records, setRecords] = useState<readonly TrainingRecord[]>()
  const [news, setNews] = useState('')
  const { isBusy, problem, run } = useAction()
  const unitId = useId()

  const load = useCallback(async () => {
    try {
      setRecords(await api.records())
    } catch (error) {
      const { code } = problemOf(error)
      if (code === 'PERSON_UNKNOWN') return onUnclaimed()
      if (code === 'TOKEN_INVALID') return void (await onEnded())
      throw error
    }
  }, [api, onUnclaimed, onEnded])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen opens; `run` is another function each time.
  useEffect(() => void run(load), [])

  const today = new Date().toLocaleDateString('sv')
  return (
    <Screen title="Your records">
      <Alert problem={problem} />
      <Form
        submit="Add record"
        isBusy={isBusy}
        onSubmit={(value, form) =>
          run(async () => {
            const exercise = value('exercise')
            const unit = UNITS.find((name) => name === value('unit')) ?? UNITS[0]
            await api.add({ exercise, amount: Number(value('amount')), unit, day: value('day') })
            form.reset()
            await load()
            setNews(`${exercise} is added.`)
          })
        }
      >
        <Field label="Exercise" name="exercise" autoComplete="off" />
        <div className="row">
          <Field label="Result" name="amount" type="number" inputMode="decimal" step="any" min="0" />
          <div className="field">
            <label htmlFor={unitId}>Unit</label>
            <select id={unitId} name="unit">
              {UNITS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          <Field label="Day" name="day" type="date" defaultValue={today} />
        </div>
      </Form>
      <Notice>{news}</Notice>
      {records?.length === 0 && <p className="empty">No records yet. Add your first one.</p>}
      <ul className="records">
        {records?.map((record) => (
          <li key={record.id}>
            <span className="exercise">{record.exercise}</span>
            <span className="amount">
              {record.amount.toLocaleString('en')} {record.unit}
            </span>
            <time dateTime={record.day}>
              {new Date(`${record.day}T12:00`).toLocaleDateString('en', { dateStyle: 'medium' })}
            </time>
            <button
              type="button"
              className="compact enumeration-safe"
              aria-label={`Delete ${record.exercise}, ${record.amount} ${record.unit}`}
              onClick={() =>
                run(async () => {
                  await api.remove(record.id)
                  await load()
                  setNews(`${record.exercise} is deleted.`)
                })
              }
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </Screen>
  )
}
