interface ProvidersProps {
  /** As they are named in the user pool. */
  readonly names: readonly string[]
  onChoose(name: string): void
}

export function Providers({ names, onChoose }: ProvidersProps) {
  return (
    <div className="providers">
      {names.map((name) => (
        <button key={name} type="button" onClick={() => onChoose(name)}>
          Continue with {name}
        </button>
      ))}
    </div>
  )
}
