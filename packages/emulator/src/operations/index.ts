import { adminCreateUser } from './admin-create-user.ts'
import {
  adminDeleteUser,
  adminDisableUser,
  adminEnableUser,
  adminGetUser,
  adminSetUserPassword,
  adminUserGlobalSignOut,
} from './admin-users.ts'
import {
  adminDeleteUserAttributes,
  adminUpdateUserAttributes,
  deleteUserAttributes,
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from './attributes.ts'
import {
  adminInitiateAuth,
  adminRespondToAuthChallenge,
  associateSoftwareToken,
  getTokensFromRefreshToken,
  initiateAuth,
  respondToAuthChallenge,
  revokeToken,
  verifySoftwareToken,
} from './authentication.ts'
import { addUserPoolClientSecret, deleteUserPoolClientSecret, listUserPoolClientSecrets } from './client-secrets.ts'
import { adminConfirmSignUp, confirmSignUp, resendConfirmationCode } from './confirm-sign-up.ts'
import { adminResetUserPassword, confirmForgotPassword, forgotPassword } from './forgot-password.ts'
import {
  adminAddUserToGroup,
  adminListGroupsForUser,
  adminRemoveUserFromGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listUsersInGroup,
  updateGroup,
} from './groups.ts'
import {
  createIdentityProvider,
  deleteIdentityProvider,
  describeIdentityProvider,
  listIdentityProviders,
  updateIdentityProvider,
} from './identity-providers.ts'
import {
  createUserImportJob,
  describeUserImportJob,
  getCSVHeader,
  listUserImportJobs,
  startUserImportJob,
  stopUserImportJob,
} from './import-jobs.ts'
import { adminDisableProviderForUser, adminLinkProviderForUser } from './links.ts'
import { listUsers } from './list-users.ts'
import {
  adminGetUserAuthFactors,
  adminSetUserMFAPreference,
  getUserAuthFactors,
  getUserPoolMfaConfig,
  setUserMFAPreference,
  setUserPoolMfaConfig,
} from './mfa-settings.ts'
import type { Operation } from './operation.ts'
import { changePassword, deleteUser, getUser, globalSignOut } from './own-account.ts'
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
  AssociateSoftwareToken: associateSoftwareToken,
  ChangePassword: changePassword,
  ConfirmForgotPassword: confirmForgotPassword,
  ConfirmSignUp: confirmSignUp,
  DeleteUser: deleteUser,
  DeleteUserAttributes: deleteUserAttributes,
  ForgotPassword: forgotPassword,
  GetTokensFromRefreshToken: getTokensFromRefreshToken,
  GetUser: getUser,
  GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
  GetUserAuthFactors: getUserAuthFactors,
  GlobalSignOut: globalSignOut,
  InitiateAuth: initiateAuth,
  ResendConfirmationCode: resendConfirmationCode,
  RespondToAuthChallenge: respondToAuthChallenge,
  RevokeToken: revokeToken,
  SetUserMFAPreference: setUserMFAPreference,
  SignUp: signUp,
  UpdateUserAttributes: updateUserAttributes,
  VerifySoftwareToken: verifySoftwareToken,
  VerifyUserAttribute: verifyUserAttribute,
} as const satisfies Record<string, Operation>

const ADMIN_OPERATIONS = {
  AddUserPoolClientSecret: addUserPoolClientSecret,
  AdminAddUserToGroup: adminAddUserToGroup,
  AdminConfirmSignUp: adminConfirmSignUp,
  AdminCreateUser: adminCreateUser,
  AdminDeleteUser: adminDeleteUser,
  AdminDeleteUserAttributes: adminDeleteUserAttributes,
  AdminDisableProviderForUser: adminDisableProviderForUser,
  AdminDisableUser: adminDisableUser,
  AdminEnableUser: adminEnableUser,
  AdminGetUser: adminGetUser,
  AdminGetUserAuthFactors: adminGetUserAuthFactors,
  AdminInitiateAuth: adminInitiateAuth,
  AdminListGroupsForUser: adminListGroupsForUser,
  AdminLinkProviderForUser: adminLinkProviderForUser,
  AdminRemoveUserFromGroup: adminRemoveUserFromGroup,
  AdminResetUserPassword: adminResetUserPassword,
  AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
  AdminSetUserMFAPreference: adminSetUserMFAPreference,
  AdminSetUserPassword: adminSetUserPassword,
  AdminUpdateUserAttributes: adminUpdateUserAttributes,
  AdminUserGlobalSignOut: adminUserGlobalSignOut,
  CreateGroup: createGroup,
  CreateIdentityProvider: createIdentityProvider,
  CreateUserImportJob: createUserImportJob,
  CreateUserPool: createUserPool,
  CreateUserPoolClient: createUserPoolClient,
  CreateUserPoolDomain: createUserPoolDomain,
  DeleteGroup: deleteGroup,
  DeleteIdentityProvider: deleteIdentityProvider,
  DeleteUserPool: deleteUserPool,
  DeleteUserPoolClientSecret: deleteUserPoolClientSecret,
  DeleteUserPoolClient: deleteUserPoolClient,
  DeleteUserPoolDomain: deleteUserPoolDomain,
  DescribeIdentityProvider: describeIdentityProvider,
  DescribeUserImportJob: describeUserImportJob,
  DescribeUserPool: describeUserPool,
  DescribeUserPoolClient: describeUserPoolClient,
  DescribeUserPoolDomain: describeUserPoolDomain,
  GetCSVHeader: getCSVHeader,
  GetGroup: getGroup,
  GetUserPoolMfaConfig: getUserPoolMfaConfig,
  ListGroups: listGroups,
  ListIdentityProviders: listIdentityProviders,
  ListUserImportJobs: listUserImportJobs,
  ListUserPoolClientSecrets: listUserPoolClientSecrets,
  ListUserPoolClients: listUserPoolClients,
  ListUserPools: listUserPools,
  ListUsers: listUsers,
  ListUsersInGroup: listUsersInGroup,
  SetUserPoolMfaConfig: setUserPoolMfaConfig,
  StartUserImportJob: startUserImportJob,
  StopUserImportJob: stopUserImportJob,
  UpdateGroup: updateGroup,
  UpdateIdentityProvider: updateIdentityProvider,
  UpdateUserPool: updateUserPool,
  UpdateUserPoolClient: updateUserPoolClient,
} as const satisfies Record<string, Operation>

/** This map is the list of emulated operations. Every other call is answered by an error that says so. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...PUBLIC_OPERATIONS, ...ADMIN_OPERATIONS }),
)

export const isPublic = (name: string) => Object.hasOwn(PUBLIC_OPERATIONS, name)
