import { PGlite } from '@electric-sql/pglite'
import { contractTests } from '../testing/contract-tests.ts'
import { newSchemas, postgres } from './testing/store.ts'

contractTests(postgres)

contractTests({
  ...postgres,
  title: 'PGlite',
  // It has one connection, so that no transaction can stand beside another.
  features: ['reopening', 'event-feed', 'pruning', 'call-count'],
  async start() {
    const client = await PGlite.create()
    const schemas = newSchemas(client)
    return { create: () => schemas.create(client), stop: () => client.close() }
  },
})
