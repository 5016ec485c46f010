import type { Pool } from './pool.ts'

export interface EndpointContext {
  /** Known once the server listens. */
  readonly endpoint: string
}

export const issuerOf = ({ endpoint }: EndpointContext, pool: Pool): string => `${endpoint}/${pool.id}`
