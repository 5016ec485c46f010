import { resourceNotFound } from '../shared/faults.ts'
import { NOTHING, type Operation, poolOf } from './operation.ts'

/** The domain is recorded and described; managed login finds the pool by `client_id`, on the emulator's own address. */
export const createUserPoolDomain: Operation = (call) => {
  call.context.account.addDomain(poolOf(call), call.input.need('Domain'))
  return NOTHING
}

export const describeUserPoolDomain: Operation = ({ context, input }) => {
  const domain = input.need('Domain')
  const pool = context.account.poolOfDomain(domain)
  return { DomainDescription: pool ? { UserPoolId: pool.id, Domain: domain, Status: 'ACTIVE' } : {} }
}

export const deleteUserPoolDomain: Operation = (call) => {
  const pool = poolOf(call)
  if (pool.domain !== call.input.need('Domain')) throw resourceNotFound('Domain does not exist.')
  call.context.account.removeDomain(pool)
  return NOTHING
}
