import { goldenDigest, goldenVectors } from './golden-vectors.ts'

// Run in a process of its own by golden.test.ts, under another locale.
console.log(Intl.DateTimeFormat().resolvedOptions().locale, goldenDigest(goldenVectors()))
