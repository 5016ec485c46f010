import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator, type TriggerFunction } from '../index.ts'
import { confirmedUser, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

let count = 0
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

/** A pool whose trigger is this function, attached by its ARN. */
async function poolWith(slot: string, handler: TriggerFunction, pool = {}) {
  count += 1
  const arn = arnOf(`handler-${count}`)
  emulator.setTrigger(arn, handler)
  return await openPool(emulator, { pool: { LambdaConfig: { [slot]: arn }, ...pool } })
}

const answering = (response: object) => (event: object) => ({ ...event, response })

describe('PreSignUp (Developer Guide: user-pool-lambda-pre-sign-up)', () => {
  it('gets exactly the event of a real sign-up (localstack/localstack#2964)', async () => {
    const events: unknown[] = []
    const pool = await poolWith('PreSignUp', (event) => {
      events.push(event)
      return event
    })
    await pool.signUp('ada', { email: 'ada@example.com' }, { ClientMetadata: { from: 'test' } })
    expect(events).toEqual([
      {
        version: '1',
        region: 'us-east-1',
        userPoolId: pool.UserPoolId,
        userName: 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.ClientId },
        triggerSource: 'PreSignUp_SignUp',
        request: {
          userAttributes: { email: 'ada@example.com' },
          validationData: null,
          clientMetadata: { from: 'test' },
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
    ])
  })

  it('already sees the UUID as userName where the address is the username (aws-amplify/docs#4147)', async () => {
    const names: unknown[] = []
    const pool = await poolWith(
      'PreSignUp',
      (event: { userName: string }) => {
        names.push(event.userName)
        return event
      },
      { UsernameAttributes: ['email'] },
    )
    expect(names).toEqual([])
    expect(names).not.toContain('ada@example.com')
    const { UserSub } = await pool.signUp('ada@example.com')
    expect(names).toEqual([UserSub])
  })

  it('shows its error text to the client, with a full stop added', async () => {
    const pool = await poolWith('PreSignUp', () => {
      throw new Error('Not invited')
    })
    expect(await refusal(pool.signUp('ada'))).toBe(
      'UserLambdaValidationException: PreSignUp failed with error Not invited.',
    )
    expect(emulator.users(pool.UserPoolId)).toEqual([])
  })

  it('can confirm and verify, which fires PostConfirmation in the same call (KensioSoftware/yulin#462)', async () => {
    const sources: string[] = []
    const handler = (event: { triggerSource: string; response: object }) => {
      sources.push(event.triggerSource)
      const isPre = event.triggerSource.startsWith('PreSignUp')
      return { ...event, response: isPre ? { autoConfirmUser: true, autoVerifyEmail: true } : {} }
    }
    emulator.setTrigger('both', handler)
    const pool = await openPool(emulator, {
      pool: { LambdaConfig: { PreSignUp: arnOf('both'), PostConfirmation: arnOf('both') } },
    })
    expect((await pool.signUp('ada', { email: 'ada@example.com' })).UserConfirmed).toBe(true)
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' })
    expect(sources).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp'])
  })

  it('autoVerifyEmail takes an alias from its holder without a word', async () => {
    const pool = await poolWith('PreSignUp', answering({ autoConfirmUser: true, autoVerifyEmail: true }), {
      AliasAttributes: ['email'],
    })
    await pool.signUp('ada', { email: 'ada@example.com' })
    await pool.signUp('eve', { email: 'ada@example.com' })
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'eve' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })

  it('cannot verify an address that was not given', async () => {
    const pool = await poolWith('PreSignUp', answering({ autoVerifyEmail: true }))
    expect(await refusal(pool.signUp('ada'))).toContain('InvalidParameterException')
  })

  it('flags are ignored for AdminCreateUser', async () => {
    const pool = await poolWith('PreSignUp', answering({ autoConfirmUser: true, autoVerifyEmail: true }))
    await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await pool.user('ada')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    const { source, event } = emulator.triggerCalls().at(-1) ?? {}
    expect(source).toBe('PreSignUp_AdminCreateUser')
    expect(event).toMatchObject({ callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' } })
  })

  it('runs before the username is looked up, unless the switch says otherwise (amazon-cognito-auth-js#207)', async () => {
    const pool = await poolWith('PreSignUp', () => {
      throw new Error('first')
    })
    const calls = () => emulator.triggerCalls().filter((call) => call.userPoolId === pool.UserPoolId).length
    await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'x' })).catch(() => {})
    emulator.setTrigger(arnOf(`handler-${count}`), (event) => event)
    await pool.signUp('ada')
    const before = calls()
    expect(await refusal(pool.signUp('ada'))).toContain('UsernameExistsException')
    expect(calls()).toBe(before + 1)
    emulator.setQuirks({ preSignUpOrder: 'checkFirst' }, pool.UserPoolId)
    expect(await refusal(pool.signUp('ada'))).toContain('UsernameExistsException')
    expect(calls()).toBe(before + 1)
  })

  it('T148: nothing but response counts; changed names and attributes are ignored (aws-amplify/amplify-backend#1665)', async () => {
    const pool = await poolWith('PreSignUp', (event: { request: object }) => ({
      ...event,
      userName: 'bob',
      request: { ...event.request, userAttributes: { email: 'changed@example.com' } },
    }))
    await pool.signUp('Bob', { email: 'Bob@Example.com' })
    expect(await pool.user('Bob')).toMatchObject({ username: 'Bob', email: 'Bob@Example.com' })
    await pool.signUp('bob', { email: 'bob@example.com' })
    expect(emulator.users(pool.UserPoolId)).toHaveLength(2)
  })

  it('T148: a handler that edits the event object it was given changes nothing', async () => {
    const pool = await poolWith('PreSignUp', (event: { request: { userAttributes: Record<string, string> } }) => {
      event.request.userAttributes.email = 'changed@example.com'
      return event
    })
    await pool.signUp('ada', { email: 'ada@example.com' })
    expect(await pool.user('ada')).toMatchObject({ email: 'ada@example.com' })
    expect(emulator.triggerCalls().at(-1)?.event).toMatchObject({
      request: { userAttributes: { email: 'ada@example.com' } },
    })
  })
})

describe('answers that are no event (amazon-archives/amazon-cognito-identity-js#633)', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'ok'],
    ['an object without response', { statusCode: 200 }],
    ['a list', []],
    ['a flag that is no boolean', { response: { autoConfirmUser: 'yes' } }],
  ])('%s is unrecognizable', async (_, answer) => {
    const pool = await poolWith('PreSignUp', () => answer)
    expect(await refusal(pool.signUp('ada'))).toBe('InvalidLambdaResponseException: Unrecognizable lambda output')
  })
})

describe('a trigger that cannot be run or does not answer', () => {
  it('an ARN without a function gives the text of a missing permission', async () => {
    const pool = await openPool(emulator, { pool: { LambdaConfig: { PreSignUp: arnOf('nowhere') } } })
    expect(await refusal(pool.signUp('ada'))).toBe(
      'UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.',
    )
  })

  it.each([
    ['oneRetry', 2],
    ['threeAttempts', 3],
    ['noRetry', 1],
  ] as const)(
    'in position %s, a late trigger is run %i times (aws-amplify/amplify-js#4805)',
    async (position, runs) => {
      let seen = 0
      const pool = await poolWith('PreSignUp', () => {
        seen += 1
        return new Promise(() => {})
      })
      emulator.setQuirks({ triggerTimeout: position, triggerTimeLimitMs: 20 }, pool.UserPoolId)
      expect(await refusal(pool.signUp('ada'))).toBe(
        'UnexpectedLambdaException: PreSignUp failed with error Socket timeout while invoking Lambda function.',
      )
      expect(seen).toBe(runs)
    },
  )

  it('gets five seconds unless told otherwise', () => {
    expect(emulator.quirks().triggerTimeLimitMs).toBe(5_000)
  })
})

describe('PostConfirmation (Developer Guide: user-pool-lambda-post-confirmation)', () => {
  it('gets the confirmed user, and its error does not undo the confirmation', async () => {
    const pool = await poolWith('PostConfirmation', () => {
      throw new Error('mail is down')
    })
    const { UserSub } = await pool.signUp('ada', { email: 'ada@example.com' })
    expect(await refusal(pool.confirm('ada'))).toBe(
      'UserLambdaValidationException: PostConfirmation failed with error mail is down.',
    )
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    expect(emulator.triggerCalls().at(-1)?.event).toMatchObject({
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      request: { userAttributes: { sub: UserSub, 'cognito:user_status': 'CONFIRMED', email_verified: 'true' } },
      response: {},
    })
  })

  it('fires after a forgotten password, and not after AdminCreateUser', async () => {
    const sources: string[] = []
    const pool = await poolWith('PostConfirmation', (event: { triggerSource: string }) => {
      sources.push(event.triggerSource)
      return event
    })
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    await pool.sdk.send(new ForgotPasswordCommand({ ClientId: pool.ClientId, Username: 'ada' }))
    const ConfirmationCode = pool.code('ada')
    const reset = { ClientId: pool.ClientId, Username: 'ada', ConfirmationCode, Password: PASSWORD }
    await pool.sdk.send(new ConfirmForgotPasswordCommand(reset))
    await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'bob' }))
    expect(sources).toEqual(['PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword'])
  })
})

describe('authentication triggers', () => {
  it('PreAuthentication can deny, PostAuthentication can withhold the tokens', async () => {
    emulator.setTrigger('gate', (event: { triggerSource: string }) => {
      if (denied.includes(event.triggerSource)) throw new Error('not today')
      return event
    })
    let denied = ['PreAuthentication_Authentication']
    const pool = await openPool(emulator, {
      pool: { LambdaConfig: { PreAuthentication: arnOf('gate'), PostAuthentication: arnOf('gate') } },
    })
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    expect(await refusal(pool.signIn('ada'))).toContain('PreAuthentication failed with error not today.')
    denied = ['PostAuthentication_Authentication']
    expect(await refusal(pool.signIn('ada'))).toContain('PostAuthentication failed with error not today.')
    denied = []
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
})

describe('ways to attach a trigger', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onesub-emulator-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['an ES module', 'a.mjs', "export const handler = async () => { throw new Error('from a module') }"],
    ['a CommonJS module', 'b.cjs', "exports.handler = async () => { throw new Error('from a module') }"],
    ['a module with a callback', 'c.cjs', "exports.handler = (e, c, done) => done(new Error('from a module'))"],
  ])('%s that exports handler', async (_, file, source) => {
    writeFileSync(join(folder, file), source)
    emulator.setTrigger(file, { module: join(folder, file) })
    const pool = await openPool(emulator, { pool: { LambdaConfig: { PreSignUp: arnOf(file) } } })
    expect(await refusal(pool.signUp('ada'))).toContain('PreSignUp failed with error from a module.')
  })

  const python = spawnSync('python3', ['--version'])
  const skips = python.status === 0 ? '' : ' (SKIPPED: there is no python3 on this machine)'
  it.skipIf(skips)(`a Python function behind the Lambda Invoke API${skips}`, async () => {
    const server = spawn('python3', ['-c', PYTHON_FUNCTION], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const port = await new Promise<string>((ready) =>
        server.stdout.once('data', (data) => ready(String(data).trim())),
      )
      emulator.setTrigger('pyfn', { url: `http://127.0.0.1:${port}` })
      const pool = await openPool(emulator, { pool: { LambdaConfig: { PreSignUp: `${arnOf('pyfn')}:live` } } })
      expect((await pool.signUp('ada')).UserConfirmed).toBe(true)
      expect(await refusal(pool.signUp('eve'))).toBe(
        'UserLambdaValidationException: PreSignUp failed with error No Eve, says Python.',
      )
      expect(await refusal(pool.signUp('down'))).toBe(
        'UnexpectedLambdaException: PreSignUp invocation failed due to error ServiceException.',
      )
    } finally {
      server.kill()
    }
  })
})

const PYTHON_FUNCTION = `
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

def handler(event):
    if event["userName"] == "eve":
        raise ValueError("No Eve, says Python")
    event["response"]["autoConfirmUser"] = True
    return event

class Invoke(BaseHTTPRequestHandler):
    def do_POST(self):
        assert self.path == "/2015-03-31/functions/pyfn/invocations", self.path
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if event["userName"] == "down":
            return self.answer(500, {}, {"Message": "down"})
        try:
            self.answer(200, {}, handler(event))
        except ValueError as error:
            failure = {"errorMessage": str(error), "errorType": "ValueError"}
            self.answer(200, {"X-Amz-Function-Error": "Unhandled"}, failure)

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Invoke)
print(server.server_port, flush=True)
server.serve_forever()
`
