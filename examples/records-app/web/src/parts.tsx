import { type FormEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { type Problem, problemOf } from './words.ts'

/** A screen begins at its heading: focus goes there, so that a screen reader reads it first. */
export function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // Before the effects of what is inside: an alert that is there from the start takes the focus on.
  useLayoutEffect(() => {
    document.title = `${title} · Personal records`
    heading.current?.focus()
  }, [title])
  return (
    <main>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  )
}

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly type?: string
  readonly hint?: string
  readonly autoComplete?: string
  readonly inputMode?: 'numeric' | 'decimal' | 'email'
  readonly step?: string
  readonly min?: string
  readonly defaultValue?: string | undefined
}

export function Field({ label, name, type = 'text', hint, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} type={type} required aria-describedby={hint ? `${id}-hint` : undefined} {...input} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

/** What went wrong. Focus goes to it, since the button that was pressed says nothing. */
export function Alert({ problem, children }: { readonly problem: Problem | undefined; readonly children?: ReactNode }) {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) alert.current?.focus()
  }, [problem])
  return (
    <div role="alert" ref={alert} tabIndex={-1} data-code={problem?.code}>
      {problem && (
        <>
          <p>{problem.says}</p>
          {children}
        </>
      )}
    </div>
  )
}

/** Good news, read out without taking the focus. */
export function Notice({ children }: { readonly children: ReactNode }) {
  return <div role="status">{children && <p>{children}</p>}</div>
}

/** One thing at a time: `run` does it, `isBusy` while it lasts, `problem` when it failed. */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const run = async (action: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await action()
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, problem, run }
}

interface FormProps {
  readonly submit: string
  readonly isBusy: boolean
  readonly children: ReactNode
  onSubmit(values: (name: string) => string, form: HTMLFormElement): void
}

export function Form({ submit, isBusy, children, onSubmit }: FormProps) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    onSubmit((name) => String(data.get(name) ?? ''), event.currentTarget)
  }
  return (
    <form onSubmit={send} aria-busy={isBusy}>
      {children}
      <button type="submit" className="primary" aria-disabled={isBusy}>
        {isBusy ? 'One moment …' : submit}
      </button>
    </form>
  )
}
