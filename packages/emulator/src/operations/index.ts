import { adminCreateUser } from './admin-create-user.ts'
import {
  adminDeleteUser,
  adminDisableUser,
  adminEnableUser,
  adminGetUser,
  adminSetUserPassword,
} from './admin-users.ts'
import {
  adminUpdateUserAttributes,
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from './attributes.ts'
import { adminConfirmSignUp, confirmSignUp, resendConfirmationCode } from './confirm-sign-up.ts'
import { confirmForgotPassword, forgotPassword } from './forgot-password.ts'
import {
  createIdentityProvider,
  deleteIdentityProvider,
  describeIdentityProvider,
  listIdentityProviders,
  updateIdentityProvider,
} from './identity-providers.ts'
import { adminInitiateAuth, initiateAuth } from './initiate-auth.ts'
import { adminDisableProviderForUser, adminLinkProviderForUser } from './links.ts'
import { listUsers } from './list-users.ts'
import type { Operation } from './operation.ts'
import { deleteUser, getUser } from './own-account.ts'
import { adminRespondToAuthChallenge, respondToAuthChallenge } from './respond-to-auth-challenge.ts'
import { signUp } from './sign-up.ts'
import {
  createUserPoolClient,
  deleteUserPoolClient,
  describeUserPoolClient,
  listUserPoolClients,
  updateUserPoolClient,
} from './user-pool-clients.ts'
import { createUserPoolDomain, deleteUserPoolDomain, describeUserPoolDomain } from './user-pool-domains.ts'
import { createUserPool, deleteUserPool, describeUserPool, listUserPools, updateUserPool } from './user-pools.ts'

/** The operations that need no signature at AWS: browsers call them, so only they get CORS headers. */
const PUBLIC_OPERATIONS = {
  ConfirmForgotPassword: confirmForgotPassword,
  ConfirmSignUp: confirmSignUp,
  DeleteUser: deleteUser,
  ForgotPassword: forgotPassword,
  GetUser: getUser,
  GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
  InitiateAuth: initiateAuth,
  ResendConfirmationCode: resendConfirmationCode,
  RespondToAuthChallenge: respondToAuthChallenge,
  SignUp: signUp,
  UpdateUserAttributes: updateUserAttributes,
  VerifyUserAttribute: verifyUserAttribute,
} as const satisfies Record<string, Operation>

const ADMIN_OPERATIONS = {
  AdminConfirmSignUp: adminConfirmSignUp,
  AdminCreateUser: adminCreateUser,
  AdminDeleteUser: adminDeleteUser,
  AdminDisableProviderForUser: adminDisableProviderForUser,
  AdminDisableUser: adminDisableUser,
  AdminEnableUser: adminEnableUser,
  AdminGetUser: adminGetUser,
  AdminInitiateAuth: adminInitiateAuth,
  AdminLinkProviderForUser: adminLinkProviderForUser,
  AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
  AdminSetUserPassword: adminSetUserPassword,
  AdminUpdateUserAttributes: adminUpdateUserAttributes,
  CreateIdentityProvider: createIdentityProvider,
  CreateUserPool: createUserPool,
  CreateUserPoolClient: createUserPoolClient,
  CreateUserPoolDomain: createUserPoolDomain,
  DeleteIdentityProvider: deleteIdentityProvider,
  DeleteUserPool: deleteUserPool,
  DeleteUserPoolClient: deleteUserPoolClient,
  DeleteUserPoolDomain: deleteUserPoolDomain,
  DescribeIdentityProvider: describeIdentityProvider,
  DescribeUserPool: describeUserPool,
  DescribeUserPoolClient: describeUserPoolClient,
  DescribeUserPoolDomain: describeUserPoolDomain,
  ListIdentityProviders: listIdentityProviders,
  ListUserPoolClients: listUserPoolClients,
  ListUserPools: listUserPools,
  ListUsers: listUsers,
  UpdateIdentityProvider: updateIdentityProvider,
  UpdateUserPool: updateUserPool,
  UpdateUserPoolClient: updateUserPoolClient,
} as const satisfies Record<string, Operation>

/** This map is the list of what is emulated; a call that is not in it is answered by an error that says so. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...PUBLIC_OPERATIONS, ...ADMIN_OPERATIONS }),
)

export const isPublic = (name: string) => Object.hasOwn(PUBLIC_OPERATIONS, name)
