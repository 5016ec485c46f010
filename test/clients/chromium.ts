import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { programVersion } from './versions.ts'

const CHROMIUM = '/usr/bin/chromium'

// Without these it talks to its maker's servers at every start.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's browser, where it is installed. */
export const chromiumVersion = existsSync(CHROMIUM) ? programVersion(CHROMIUM, '--version') : undefined

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET })
}
