import type { Command } from 'commander'
import { countsOf } from '../demo/count.ts'
import { picture, whatNext } from '../demo/picture.ts'
import { openScenario } from '../demo/scenario.ts'

interface DemoFlags {
  readonly json?: true
  readonly once?: true
  readonly port: number
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('One human signs in by four ways: to Cognito alone, and to Cognito with onesub.')
    .option('--json', 'print the counts as one JSON object, and end')
    .option('--once', 'end after the last sign-in instead of staying up')
    .option('--port <number>', 'port of the local Cognito; 0 for any free one', portNumber, 0)
    .action((flags: DemoFlags) => demo(flags))
}

async function demo({ json, once, port }: DemoFlags): Promise<void> {
  const scenario = await openScenario(port)
  try {
    const alone = await scenario.signInByAll(scenario.alone)
    const withOnesub = await scenario.signInByAll(scenario.withOnesub)
    console.log(json ? JSON.stringify(countsOf(alone, withOnesub)) : picture(alone, withOnesub))
    if (json || once) return
    console.log(whatNext(scenario))
    await interrupted()
  } finally {
    await scenario.close()
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port: ${text} is no port number`)
  return port
}
