/** Parts of the product that are not written yet; what they have to withstand is open. */
export const NOT_YET = {
  relay: 'the relay of events is not written yet',
  sweeper: 'the sweeper and the reconciler are not written yet',
  limits: 'limits of attempts are not written yet',
  doctor: 'the doctor, which reads the settings of a pool, is not written yet',
  move: 'the command that loads and moves existing users is not written yet',
  merge: 'merge and undo by an operator are not written yet',
  erasure: 'erasure is not written yet',
  deployment: 'the deployment construct is not written yet',
  release: 'the steps of a release are not written yet',
} as const

/** What is tried, but not by the tests that this report runs. */
export const ELSEWHERE = { browser: 'tried in a real browser by `npm run test:clients` only' } as const
