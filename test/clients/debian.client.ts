import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { type OpenPool, PASSWORD } from '../../packages/emulator/src/testing/open-pool.ts'
import { useTestPool } from './test-pool.ts'
import { programVersion } from './versions.ts'

const run = promisify(execFile)
const env = {
  PATH: '/usr/bin:/bin',
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

// Debian's own programs, by their full path: others may lie earlier in PATH.
const AWS = '/usr/bin/aws'
const PYTHON = '/usr/bin/python3'
const cli = programVersion(AWS, '--version')
const boto3 = programVersion(PYTHON, '-c', 'import boto3; print("boto3", boto3.__version__)')

describe.skipIf(!cli)(`AWS CLI (${cli ?? 'SKIPPED: apt-get install awscli'})`, () => {
  const open = useTestPool()

  async function aws({ emulator }: OpenPool, ...words: readonly string[]): Promise<Record<string, unknown>> {
    const all = ['cognito-idp', ...words, '--endpoint-url', emulator.endpoint, '--no-cli-pager', '--output', 'json']
    const { stdout } = await run(AWS, all, { env })
    return stdout.trim() === '' ? {} : JSON.parse(stdout)
  }

  it('makes a pool and a client, signs up, confirms and gets tokens', async () => {
    const pool = await open()
    const { ClientId } = pool
    const made = await aws(pool, 'create-user-pool', '--pool-name', 'by-cli')
    expect(made).toMatchObject({ UserPool: { Name: 'by-cli' } })
    const who = ['--client-id', ClientId, '--username', 'ada']
    const email = 'Name=email,Value=ada@example.com'
    expect(await aws(pool, 'sign-up', ...who, '--password', PASSWORD, '--user-attributes', email)).toMatchObject({
      UserConfirmed: false,
    })
    await aws(pool, 'confirm-sign-up', ...who, '--confirmation-code', pool.code('ada'))
    const flow = ['--auth-flow', 'USER_PASSWORD_AUTH', '--auth-parameters', `USERNAME=ada,PASSWORD=${PASSWORD}`]
    const { AuthenticationResult } = await aws(pool, 'initiate-auth', '--client-id', ClientId, ...flow)
    expect(decodeJwt(Object(AuthenticationResult).IdToken)).toMatchObject({ 'cognito:username': 'ada' })
  })

  it('shows an error under its name', async () => {
    const pool = await open()
    const call = aws(pool, 'admin-get-user', '--user-pool-id', pool.UserPoolId, '--username', 'nobody')
    await expect(call).rejects.toThrow('UserNotFoundException')
  })
})

const SCRIPT = `
import boto3, json, sys, urllib.parse, urllib.request
endpoint, pool, client, password = sys.argv[1:]
idp = boto3.client("cognito-idp", endpoint_url=endpoint, region_name="us-east-1")
idp.sign_up(ClientId=client, Username="ada", Password=password,
            UserAttributes=[{"Name": "email", "Value": "ada@example.com"}])
query = urllib.parse.urlencode({"userPoolId": pool, "username": "ada"})
code = json.load(urllib.request.urlopen(endpoint + "/_onesub/inbox?" + query))["newest"]["code"]
idp.confirm_sign_up(ClientId=client, Username="ada", ConfirmationCode=code)
try:
    idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
                      AuthParameters={"USERNAME": "ada", "PASSWORD": "Wr0ng-horse"})
    raise SystemExit("a wrong password was taken")
except idp.exceptions.NotAuthorizedException:
    pass
answer = idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
                           AuthParameters={"USERNAME": "ada", "PASSWORD": password})
user = idp.get_user(AccessToken=answer["AuthenticationResult"]["AccessToken"])
created = idp.admin_get_user(UserPoolId=pool, Username="ada")["UserCreateDate"]
print(json.dumps({"name": user["Username"], "year": created.year}))
`

describe.skipIf(!boto3)(`${boto3 ?? 'boto3 (SKIPPED: apt-get install python3-boto3)'}`, () => {
  const open = useTestPool()

  it('signs up, confirms with the code from the inbox, is refused with a wrong password, and gets tokens', async () => {
    const { emulator, UserPoolId, ClientId } = await open()
    const { stdout } = await run(PYTHON, ['-c', SCRIPT, emulator.endpoint, UserPoolId, ClientId, PASSWORD], { env })
    expect(JSON.parse(stdout)).toEqual({ name: 'ada', year: new Date().getFullYear() })
  })
})
