import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { hostilePersonas } from './federation/hostile-personas.ts'
import { HOSTILE_QUIRKS } from './quirks/hostile-quirks.ts'
import { isRecord, isText } from './shared/json.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from './start.ts'
import type { TriggerTarget } from './triggers/targets.ts'

type Triggers = Readonly<Record<string, TriggerTarget>>

interface Options {
  readonly port: number
  readonly json: boolean
  readonly trigger: Triggers
  readonly https: boolean
  readonly httpsPort: number
  readonly hostile: boolean
  readonly data?: string
}

/** The command line. */
export async function main(args: readonly string[]): Promise<void> {
  const command = new Command('onesub-emulator')
    .description('Amazon Cognito user pools on your machine. Listens on loopback only.')
    .version(ownVersion())
    .option('--port <number>', 'port to listen on; 0 takes any free one', parsePort, 9_229)
    .option('--json', 'print one line of JSON when ready', false)
    .option('--trigger <name=target>', 'ARN or function name = module path or Invoke URL; repeatable', addTrigger, {})
    .option('--https', 'listen over TLS too, with a certificate made at start', false)
    .option('--https-port <number>', 'port for that; 0 takes any free one', parsePort, 0)
    .option('--data <folder>', 'keep the state there, for the next start')
    .option('--hostile', 'the hardest position of every switch, and personas with false claims', false)
  const options = command.parse(args, { from: 'user' }).opts<Options>()
  try {
    announce(await startEmulator(settingsFrom(options)), options)
  } catch (error) {
    command.error(error instanceof Error ? error.message : String(error), { exitCode: 1 })
  }
}

function settingsFrom({ port, trigger, https, httpsPort, hostile, data }: Options): EmulatorOptions {
  const nasty = hostile ? { quirks: HOSTILE_QUIRKS, personas: hostilePersonas() } : {}
  return { port, triggers: trigger, https, httpsPort, ...nasty, ...(data !== undefined && { data }) }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^[0-9]+$/u.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

function addTrigger(text: string, earlier: Triggers): Triggers {
  const [name, target] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]
  if (!text.includes('=') || !name || !target) throw new InvalidArgumentError('Write it as name=target.')
  return { ...earlier, [name]: /^https?:\/\//u.test(target) ? { url: target } : { module: target } }
}

function announce(emulator: Emulator, { json, data }: Options): void {
  const stop = () => {
    emulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error)
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const { endpoint, httpsEndpoint, ca } = emulator
  if (json) console.log(JSON.stringify({ endpoint, pid: process.pid, https: httpsEndpoint, ca }))
  else
    console.log(
      greeting(endpoint, data),
      ...(ca === undefined ? [] : [`\n\nAlso at ${httpsEndpoint}, with the authority\n${ca}`]),
    )
}

function greeting(endpoint: string, data: string | undefined): string {
  return [
    `Cognito is running at ${endpoint}`,
    '',
    `  AWS SDK       new CognitoIdentityProviderClient({ endpoint: '${endpoint}', region: 'us-east-1' })`,
    `  Codes sent    ${endpoint}/_onesub/inbox?userPoolId=…&username=…`,
    `  Trigger runs  ${endpoint}/_onesub/trigger-calls`,
    `  Switches      ${endpoint}/_onesub/quirks`,
    '',
    `Stop with Ctrl+C. ${data === undefined ? 'Nothing is saved.' : `The state is saved in ${data}.`}`,
  ].join('\n')
}

function ownVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return isRecord(parsed) && isText(parsed.version) ? parsed.version : '0.0.0'
}
