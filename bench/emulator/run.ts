import { readFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { CONCURRENCY, Load } from './load.ts'
import { type Server, type ServerName, start } from './servers.ts'

/** Everything in one run, on one machine, in turns: a number alone says as much about the machine as about the program. */
const STARTS = 9
const ROUNDS = 5
const ROUND = 1_000
const USERS = 20_000
const SIGN_IN_USERS = 200

const say = (text: string) => console.error(text)

say('starting each server nine times')
const ready = {
  emulator: await readyTimes('emulator'),
  constant: await readyTimes('constant'),
  cognitoLocal: await readyTimes('cognito-local'),
}

const servers = {
  emulator: await start('emulator'),
  constant: await start('constant'),
  cognitoLocal: await start('cognito-local'),
}
const loads = {
  emulator: await Load.on(servers.emulator),
  constant: await Load.on(servers.constant),
  cognitoLocal: await Load.on(servers.cognitoLocal),
}
const idleMb = {
  emulator: servers.emulator.memoryMb(),
  constant: servers.constant.memoryMb(),
  cognitoLocal: servers.cognitoLocal.memoryMb(),
}

say('signing up and in, in turns')
for (const load of [loads.constant, loads.emulator]) await load.signUps(ROUND)
await loads.cognitoLocal.signUps(SIGN_IN_USERS)
const signUps: Rounds = { emulator: [], constant: [], cognitoLocal: [] }
for (let round = 0; round < ROUNDS; round += 1) {
  signUps.constant.push(await loads.constant.signUps(ROUND))
  signUps.emulator.push(await loads.emulator.signUps(ROUND))
  signUps.cognitoLocal.push(await loads.cognitoLocal.signUps(ROUND / 20))
}

await loads.emulator.confirm(SIGN_IN_USERS)
await loads.cognitoLocal.confirm(SIGN_IN_USERS)
const signIns: Rounds = { emulator: [], constant: [], cognitoLocal: [] }
for (let round = 0; round < ROUNDS; round += 1) {
  signIns.constant.push(await loads.constant.signIns(ROUND / 2, SIGN_IN_USERS))
  signIns.emulator.push(await loads.emulator.signIns(ROUND / 2, SIGN_IN_USERS))
  signIns.cognitoLocal.push(await loads.cognitoLocal.signIns(ROUND / 20, SIGN_IN_USERS))
}

say(`a fresh emulator from nobody to ${USERS} users`)
await stopAll([servers.emulator, servers.cognitoLocal])
const fresh = await start('emulator')
// What grows is to be seen, not what the compiler learns: the process is warm and then emptied.
const warming = await Load.on(fresh)
await warming.signUps(6_000)
await fetch(`${fresh.endpoint}/_onesub/reset`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{}',
})
const filling = await Load.on(fresh)
await filling.signUps(500)
// Each window is held against the constant server at the same moment, so that other work on the machine cancels out.
const early = await window(filling)
while (filling.users < USERS - 2_000) await filling.signUps(1_500)
const late = await window(filling)
await filling.signUps(Math.max(0, USERS - filling.users))
const fullMb = fresh.memoryMb()
await stopAll([fresh, servers.constant])
for (const load of [...Object.values(loads), warming, filling]) load.close()

interface Rounds {
  readonly emulator: number[]
  readonly constant: number[]
  readonly cognitoLocal: number[]
}

const flatness = round2(late.ofConstant / early.ofConstant)
const report = {
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, memoryGb: round1(totalmem() / 1024 ** 3), system: type() },
  node: process.version,
  compared: {
    'cognito-local': versionOf('cognito-local'),
    sdk: versionOf('@aws-sdk/client-cognito-identity-provider'),
  },
  method: {
    ready: `whole process, spawn to the first answered ListUserPools, median of ${STARTS}`,
    rates: `one AWS SDK client, concurrency ${CONCURRENCY}, median of ${ROUNDS} rounds in turns, each server its own process`,
    flatness: `rate relative to the constant server at 500 to 2,000 and at 18,000 to ${USERS} users`,
    memory: 'VmRSS of the process',
    passwordHashing: {
      emulator: 'two rounds of SHA-256 with 16 bytes of salt (the form of SRP-6a’s x)',
      cognitoLocal: 'none: passwords are kept in the clear',
      constant: 'none',
    },
  },
  readyMs: {
    emulator: median(ready.emulator),
    constant: median(ready.constant),
    cognitoLocal: median(ready.cognitoLocal),
  },
  memoryMb: {
    emulatorIdle: round1(idleMb.emulator),
    emulatorWith20000Users: round1(fullMb),
    constantIdle: round1(idleMb.constant),
    cognitoLocalIdle: round1(idleMb.cognitoLocal),
  },
  signUpsPerSecond: ratesOf(signUps),
  signInsPerSecond: ratesOf(signIns),
  flatness: { at500: round1(early.rate), at18000: round1(late.rate), ratio: flatness },
}
const goals = {
  readyUnder300Ms: report.readyMs.emulator < 300,
  idleUnder60Mb: report.memoryMb.emulatorIdle < 60,
  with20000UsersUnder200Mb: report.memoryMb.emulatorWith20000Users < 200,
  signUpAtLeast4TimesCognitoLocal: report.signUpsPerSecond.timesCognitoLocal >= 4,
  signUpAtLeast60PercentOfConstant: report.signUpsPerSecond.ofConstant >= 0.6,
  flatWithin15Percent: Math.abs(1 - flatness) <= 0.15,
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ ...report, goals }))
else console.log(JSON.stringify({ ...report, goals }, null, 2))
if (!Object.values(goals).every(Boolean))
  say(
    `missed: ${Object.entries(goals)
      .filter(([, met]) => !met)
      .map(([name]) => name)}`,
  )

async function readyTimes(name: ServerName): Promise<readonly number[]> {
  const times: number[] = []
  for (let count = 0; count < STARTS; count += 1) {
    const server = await start(name)
    times.push(server.readyMs)
    await server.stop()
  }
  return times
}

async function window(load: Load): Promise<{ readonly rate: number; readonly ofConstant: number }> {
  const [rates, shares]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1) {
    const constant = await loads.constant.signUps(500)
    const rate = await load.signUps(500)
    rates.push(rate)
    shares.push(rate / constant)
  }
  return { rate: median(rates), ofConstant: median(shares, 3) }
}

function ratesOf({ emulator, constant, cognitoLocal }: Rounds) {
  const [own, bare, other] = [median(emulator), median(constant), median(cognitoLocal)]
  return {
    emulator: own,
    constant: bare,
    cognitoLocal: other,
    timesCognitoLocal: round2(own / other),
    ofConstant: round2(
      median(
        emulator.map((rate, round) => rate / (constant[round] ?? rate)),
        3,
      ),
    ),
  }
}

function median(values: readonly number[], digits = 1): number {
  const middle = [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
  return Number(middle.toFixed(digits))
}

function round1(value: number): number {
  return Number(value.toFixed(1))
}

function round2(value: number): number {
  return Number(value.toFixed(2))
}

async function stopAll(running: readonly Server[]): Promise<void> {
  for (const server of running) await server.stop()
}

function versionOf(name: string): string {
  const text = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return JSON.parse(text).version
}
