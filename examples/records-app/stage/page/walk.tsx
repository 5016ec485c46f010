interface Step {
  readonly title: string
  readonly how: string
}

/** What to try, on both sides. The user chooses the password. */
const STEPS: readonly Step[] = [
  {
    title: 'Sign up as Ada@Example.com',
    how: 'With any password, such as Correct-Horse-9. The code is in “Your mail”, above the app. Add a record.',
  },
  {
    title: 'Sign out. Sign up as ada@example.com',
    how: 'Left: another user. Right: refused, so sign in as Ada@Example.com. Add a record.',
  },
  {
    title: 'Sign out. Continue with Google, as Ada',
    how: 'Left: a third user, and no records. Right: Ada’s records are there.',
  },
  {
    title: 'Continue with Facebook, as Ada',
    how: 'Facebook does not say whether an address belongs to its user. Right: on the account page, choose “Add Facebook” instead.',
  },
  {
    title: 'Take Facebook off again',
    how: 'On the account page. Then sign in by it: it has no person until you decide.',
  },
]

export function Walk() {
  return (
    <aside>
      <h1>One human, one user</h1>
      <p>The same app twice, on this machine only. Be Ada in both panes, and watch which user Ada is.</p>
      <ol>
        {STEPS.map(({ title, how }) => (
          <li key={title}>
            <label>
              <input type="checkbox" />
              <strong>{title}</strong>
            </label>
            <p>{how}</p>
          </li>
        ))}
      </ol>
    </aside>
  )
}
