import { DAY } from '../shared/clock.ts'

export const HASHES = ['BCRYPT', 'SCRYPT', 'ARGON2ID', 'PBKDF2_SHA256'] as const
export type HashName = (typeof HASHES)[number]
type JobStatus = 'Created' | 'Pending' | 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Failed' | 'Expired'

const WAITS_FOR_START = DAY

/** A job's file is sent to this path, the pool id and the job id. */
export const UPLOAD_PATH = '/user-import/'

/** One CSV import (Developer Guide: cognito-user-pools-using-import-tool). */
export class ImportJob {
  readonly id: string
  readonly name: string
  readonly logsRole: string
  readonly hash: HashName | undefined
  readonly createdAt: number
  file: string | undefined
  status: JobStatus = 'Created'
  startedAt: number | undefined
  completedAt: number | undefined
  imported = 0
  skipped = 0
  failed = 0
  message: string | undefined

  constructor(given: Pick<ImportJob, 'id' | 'name' | 'logsRole' | 'hash' | 'createdAt'>) {
    this.id = given.id
    this.name = given.name
    this.logsRole = given.logsRole
    this.hash = given.hash
    this.createdAt = given.createdAt
  }

  /** A job that is not started expires. */
  statusAt(now: number): JobStatus {
    return this.status === 'Created' && now - this.createdAt >= WAITS_FOR_START ? 'Expired' : this.status
  }

  get isRunning(): boolean {
    return this.status === 'Pending' || this.status === 'InProgress' || this.status === 'Stopping'
  }
}
