import { selfOf } from '../tokens/access-token.ts'
import { removeUser } from './admin-users.ts'
import { NOTHING, type Operation } from './operation.ts'
import { attributePairs } from './user-view.ts'

/** Shows only what the client may read (API reference: GetUser). */
export const getUser: Operation = async ({ desk, input }) => {
  const { pool, user, client } = await selfOf(desk, input.need('AccessToken'))
  const readable = attributePairs(pool, user).filter(({ Name }) => Name !== undefined && client.canRead(Name))
  return { Username: user.username, UserAttributes: readable }
}

export const deleteUser: Operation = async ({ desk, input }) => {
  const { pool, user } = await selfOf(desk, input.need('AccessToken'))
  removeUser(desk, pool, user)
  return NOTHING
}
