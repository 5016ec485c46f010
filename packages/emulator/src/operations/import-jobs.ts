import { randomBytes } from 'node:crypto'
import { epochSeconds } from '../shared/clock.ts'
import { CognitoFault, resourceNotFound } from '../shared/faults.ts'
import { type JsonRecord, present } from '../shared/json.ts'
import { HASHES, ImportJob, UPLOAD_PATH } from '../state/import-job.ts'
import { assertHashIsEmulated } from '../state/imported-hash.ts'
import type { Pool } from '../state/pool.ts'
import type { OperationsContext } from './context.ts'
import { csvHeader, importRow, rowsOf } from './import-rows.ts'
import { type Call, type Operation, poolOf } from './operation.ts'
import { pageOf } from './paging.ts'

const MOST_JOBS = 1_000
const ROWS_AT_ONCE = 200
const MOST_COMPLAINTS = 5

export const getCSVHeader: Operation = (call) => {
  const pool = poolOf(call)
  return { UserPoolId: pool.id, CSVHeader: csvHeader(pool) }
}

export const createUserImportJob: Operation = (call) => {
  const { context, input } = call
  const pool = poolOf(call)
  const hash = input.oneOf('PasswordHashingAlgorithm', HASHES)
  assertHashIsEmulated(hash)
  if (pool.importJobs.size >= MOST_JOBS) {
    throw new CognitoFault('LimitExceededException', `A user pool has at most ${MOST_JOBS} import jobs.`)
  }
  const id = `import-${randomBytes(16).toString('hex')}`
  const [name, logsRole] = [input.need('JobName'), input.need('CloudWatchLogsRoleArn')]
  const job = new ImportJob({ id, name, logsRole, hash, createdAt: context.clock() })
  pool.importJobs.set(id, job)
  return { UserImportJob: describe(context, pool, job) }
}

export const describeUserImportJob: Operation = (call) => ({
  UserImportJob: describe(call.context, poolOf(call), jobOf(call)),
})

export const listUserImportJobs: Operation = (call) => {
  const pool = poolOf(call)
  const newestFirst = [...pool.importJobs.values()].reverse()
  const { items, next } = pageOf(newestFirst, call.input.number('MaxResults'), call.input.text('PaginationToken'))
  return {
    UserImportJobs: items.map((job) => describe(call.context, pool, job)),
    ...(next && { PaginationToken: next }),
  }
}

export const startUserImportJob: Operation = (call) => {
  const { context } = call
  const [pool, job] = [poolOf(call), jobOf(call)]
  const status = job.statusAt(context.clock())
  if (status !== 'Created') throw unmet(`The job is ${status}.`)
  if (pool.settings.autoVerified.length === 0) throw unmet('The user pool has no auto-verified attribute.')
  if (pool.isImporting) throw unmet('Another import job is running.')
  job.status = 'Pending'
  job.startedAt = context.clock()
  setImmediate(() => void run(context, pool, job))
  return { UserImportJob: describe(context, pool, job) }
}

export const stopUserImportJob: Operation = (call) => {
  const [pool, job] = [poolOf(call), jobOf(call)]
  if (!job.isRunning) throw unmet(`The job is ${job.statusAt(call.context.clock())}.`)
  job.status = 'Stopping'
  return { UserImportJob: describe(call.context, pool, job) }
}

const unmet = (message: string) => new CognitoFault('PreconditionNotMetException', message)

/** Imports in small batches, so that other calls are answered and the job can be stopped. */
async function run(context: OperationsContext, pool: Pool, job: ImportJob): Promise<void> {
  const complaints: string[] = []
  try {
    const rows = rowsOf(pool, job.file ?? '')
    for (let start = 0; start < rows.length && job.isRunning && job.status !== 'Stopping'; start += ROWS_AT_ONCE) {
      job.status = 'InProgress'
      for (const [index, row] of rows.slice(start, start + ROWS_AT_ONCE).entries()) {
        attempt(complaints, start + index + 2, job, () => importRow(context, pool, job, row))
      }
      await new Promise((resume) => setImmediate(resume))
    }
  } catch (error) {
    complaints.push(textOf(error))
  }
  end(context, job, complaints)
}

function attempt(complaints: string[], line: number, job: ImportJob, work: () => 'imported' | 'skipped'): void {
  try {
    job[work()] += 1
  } catch (error) {
    job.failed += 1
    complaints.push(`line ${line}: ${textOf(error)}`)
  }
}

/** Errors name the broken rule, never the value. */
const textOf = (error: unknown) => (error instanceof CognitoFault ? error.message.trim() : 'unexpected failure')

function end(context: OperationsContext, job: ImportJob, complaints: readonly string[]): void {
  const isStopped = job.status === 'Stopping'
  const hasFailed = job.imported === 0 && complaints.length > 0
  job.status = isStopped ? 'Stopped' : hasFailed ? 'Failed' : 'Succeeded'
  const summary = hasFailed
    ? 'Too many users have failed or been skipped during the import.'
    : 'Import Job Completed Successfully.'
  job.message = [isStopped ? 'The job was stopped.' : summary, ...complaints.slice(0, MOST_COMPLAINTS)].join(' ')
  job.completedAt = context.clock()
  job.file = undefined
}

function jobOf(call: Call): ImportJob {
  const job = poolOf(call).importJobs.get(call.input.need('JobId'))
  if (!job) throw resourceNotFound('The import job does not exist.')
  return job
}

function describe(context: OperationsContext, pool: Pool, job: ImportJob): JsonRecord {
  const date = (at: number | undefined) => (at === undefined ? undefined : epochSeconds(at))
  return present({
    JobName: job.name,
    JobId: job.id,
    UserPoolId: pool.id,
    PreSignedUrl: `${context.endpoint}${UPLOAD_PATH}${pool.id}/${job.id}`,
    CreationDate: date(job.createdAt),
    StartDate: date(job.startedAt),
    CompletionDate: date(job.completedAt),
    Status: job.statusAt(context.clock()),
    CloudWatchLogsRoleArn: job.logsRole,
    ImportedUsers: job.imported,
    SkippedUsers: job.skipped,
    FailedUsers: job.failed,
    CompletionMessage: job.message,
    PasswordHashingAlgorithm: job.hash,
  })
}
