import { countAttempt } from '../authentication/attempt-limits.ts'
import { wrongPassword } from '../authentication/password.ts'
import { setPassword } from '../authentication/set-password.ts'
import { notAuthorized } from '../shared/faults.ts'
import { checkPassword, isPassword } from '../state/password.ts'
import { selfOf } from '../tokens/access-token.ts'
import { removeUser, signOutEverywhere } from './admin-users.ts'
import { describeMfa } from './mfa-settings.ts'
import { NOTHING, type Operation } from './operation.ts'
import { attributePairs } from './user-view.ts'

/** Shows only what the client may read (API reference: GetUser). */
export const getUser: Operation = async ({ context, input }) => {
  const { pool, user, client } = await selfOf(context, input.need('AccessToken'))
  const readable = attributePairs(pool, user).filter(({ Name }) => Name !== undefined && client.canRead(Name))
  return { Username: user.username, UserAttributes: readable, ...describeMfa(user) }
}

export const deleteUser: Operation = async ({ context, input }) => {
  const { pool, user } = await selfOf(context, input.need('AccessToken'))
  removeUser(context, pool, user)
  return NOTHING
}

/** Other sessions stay valid (API reference: ChangePassword). A user without a password needs no previous one. */
export const changePassword: Operation = async ({ context, input }) => {
  const { pool, user } = await selfOf(context, input.need('AccessToken'))
  const password = input.need('ProposedPassword')
  if (!user.canUsePassword || user.status === 'EXTERNAL_PROVIDER')
    throw notAuthorized('User has no password to change.')
  countAttempt(context, pool, user, 'ChangePassword')
  const isProven = !user.password || isPassword(user.password, pool.ownerOf(user), input.text('PreviousPassword') ?? '')
  if (!isProven) throw wrongPassword()
  checkPassword(pool.settings.passwordPolicy, password)
  setPassword(context, pool, user, password)
  return NOTHING
}

export const globalSignOut: Operation = async ({ context, input }) => {
  const { pool, user } = await selfOf(context, input.need('AccessToken'))
  signOutEverywhere(context, pool, user)
  return NOTHING
}
