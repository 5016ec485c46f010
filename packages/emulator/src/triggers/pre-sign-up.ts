import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { TriggersContext } from './context.ts'
import { unrecognizable } from './run.ts'
import { type PreSignUpSource, triggerEvent } from './trigger-event.ts'

export interface PreSignUpCall {
  readonly pool: Pool
  readonly clientId: string | undefined
  readonly userName: string
  readonly source: PreSignUpSource
  readonly userAttributes: Readonly<Record<string, string>>
  readonly validationData?: Readonly<Record<string, string>> | undefined
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined
}

export interface PreSignUpFlags {
  readonly confirm: boolean
  readonly verifyEmail: boolean
  readonly verifyPhone: boolean
}

const NO_FLAGS: PreSignUpFlags = { confirm: false, verifyEmail: false, verifyPhone: false }

/** Developer Guide: user-pool-lambda-pre-sign-up. */
export async function runPreSignUp(context: TriggersContext, call: PreSignUpCall): Promise<PreSignUpFlags> {
  const { pool, clientId, userName, source, userAttributes, clientMetadata } = call
  const validationData = call.validationData ?? (source === 'ExternalProvider' ? {} : null)
  const event = triggerEvent({
    pool,
    clientId,
    userName,
    triggerSource: `PreSignUp_${source}`,
    request: { userAttributes, validationData, ...(clientMetadata && { clientMetadata }) },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  })
  const response = await context.triggers.run(pool, 'PreSignUp', event)
  return response ? flagsIn(response) : NO_FLAGS
}

function flagsIn(response: JsonRecord): PreSignUpFlags {
  return {
    confirm: flag(response.autoConfirmUser),
    verifyEmail: flag(response.autoVerifyEmail),
    verifyPhone: flag(response.autoVerifyPhone),
  }
}

function flag(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw unrecognizable()
  return value
}

/** The attributes that the flags verify; verifying what was not given is an error, says the guide. */
export function verifiedBy(
  flags: PreSignUpFlags,
  attributes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const asked = [
    ['email', flags.verifyEmail],
    ['phone_number', flags.verifyPhone],
  ] as const
  const names = asked.filter(([, isAsked]) => isAsked).map(([name]) => name)
  for (const name of names) {
    if (!attributes.get(name)) throw invalidParameter(`Cannot auto-verify ${name}: the user has no such attribute.`)
  }
  return new Map(names.map((name) => [`${name}_verified`, 'true']))
}
