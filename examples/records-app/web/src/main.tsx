import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openApi } from './api.ts'
import { App } from './app.tsx'
import { loadConfig } from './config.ts'
import { openSession } from './session.ts'

const config = await loadConfig()
const session = openSession(config)
// Before anything is shown: the address may hold the answer of a sign-in.
const arrival = await session.arrive()
if (arrival.kind !== 'none') history.replaceState(null, '', 'returnTo' in arrival ? arrival.returnTo : '/')
const root = document.getElementById('app')
if (root && arrival.kind !== 'retrying') {
  createRoot(root).render(
    <StrictMode>
      <App session={session} api={openApi(session)} config={config} arrival={arrival} />
    </StrictMode>,
  )
}
