import { createSignIn, readRefusal } from '../../../packages/onesub/src/browser/index.ts'
import * as plain from './account.ts'
import { amplifyConfig } from './settings.ts'

// The page of the guide; what it learns it tells the test, page load by page load.
const { location, report, tell } = Object(globalThis)
const withAmplify = amplifyConfig ? await import('./account-with-amplify.ts') : undefined
const auth = withAmplify && (await import('aws-amplify/auth'))

Object.assign(globalThis, { room: { ...plain, createSignIn, readRefusal, withAmplify }, auth })
plain.whenSignedOutElsewhere(() => tell('signed out elsewhere'))
if (withAmplify) {
  const { Hub } = await import('aws-amplify/utils')
  Hub.listen('auth', ({ payload: { event } }) => {
    if (event.endsWith('_failure')) tell(event)
  })
}
const began = await withAmplify?.begin(location.href)
const result = await plain.arrive()
Object.assign(globalThis, { began, result })
const { pathname, search, hash } = location
const heard = { path: pathname + search + hash, message: plain.messageFor(result), began, ...result }
// A page that is about to go may not get a word out; the test sees where it goes.
if (result.kind !== 'retrying' && began?.kind !== 'retrying') report(JSON.parse(JSON.stringify(heard)))
