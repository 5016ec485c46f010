import { Amplify } from 'aws-amplify'
import * as auth from 'aws-amplify/auth'
import 'aws-amplify/auth/enable-oauth-listener'

/** What the test calls, in the browser, is Amplify itself. */
Object.assign(globalThis, { Amplify, auth })
// An application knows its settings when it is loaded again after a redirect; this page keeps them for the tab.
const { document, sessionStorage } = Object(globalThis)
const settings: unknown = sessionStorage.getItem('settings')
if (typeof settings === 'string') Amplify.configure(JSON.parse(settings))
document.title = 'ready'
