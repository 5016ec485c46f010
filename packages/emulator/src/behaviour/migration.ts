import type { BehaviourEntries } from './behaviour.ts'

const MIGRATE = 'Developer Guide: user-pool-lambda-migrate-user'
const IMPORT = 'Developer Guide: cognito-user-pools-using-import-tool'

export const MIGRATION = {
  'migrate-01': {
    says: 'A stranger with a password is offered to UserMigration, and comes in with the password that was typed.',
    source: MIGRATE,
  },
  'migrate-02': { says: 'The password policy is not asked for a migrated password.', source: MIGRATE },
  'migrate-03': {
    says: 'A forgotten password of a stranger asks the trigger too, without a password in the event.',
    source: MIGRATE,
  },
  'migrate-04': { says: 'An empty answer means that there is no such user.', source: MIGRATE },
  'migrate-05': {
    says: 'Without finalUserStatus CONFIRMED the user is in RESET_REQUIRED and must reset the password.',
    source: MIGRATE,
  },
  'migrate-06': { says: 'The trigger is never asked about somebody who is there.', source: MIGRATE },
  'migrate-07': {
    says: 'An address that is somebody’s alias is an error, unless the answer forces it.',
    source: MIGRATE,
  },
  'migrate-08': {
    says: 'A welcome message goes out unless messageAction is SUPPRESS; whether a trigger writes it is a switch.',
    source: MIGRATE,
    quirk: 'migrationWelcome',
  },
} as const satisfies BehaviourEntries

export const CSV_IMPORT = {
  'import-01': { says: 'Imported users are in RESET_REQUIRED and must reset the password.', source: IMPORT },
  'import-07': {
    says: 'An imported user with a verified address can sign in by a code where the pool allows it.',
    source: IMPORT,
  },
  'import-02': { says: 'A job counts who was imported, skipped and failed.', source: IMPORT },
  'import-03': { says: 'An import runs no trigger.', source: IMPORT },
  'import-04': {
    says: 'Where the client hides who exists, an imported user looks like a wrong password.',
    source: `${IMPORT}; Developer Guide: cognito-user-pool-managing-errors`,
  },
  'import-05': {
    says: 'A pool without an auto-verified attribute takes no import.',
    source: `${IMPORT}; API reference: StartUserImportJob (PreconditionNotMetException)`,
  },
  'import-06': { says: 'A file is taken only with the header for encryption.', source: IMPORT },
} as const satisfies BehaviourEntries
