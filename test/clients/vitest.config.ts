import { defineConfig } from 'vitest/config'
import everyday from '../../vitest.config.ts'

// Other people's clients, unchanged. They need a browser, Python and the AWS CLI, so they are no part of the daily run.
export default defineConfig({
  ...everyday,
  test: {
    ...everyday.test,
    include: ['test/clients/**/*.client.ts'],
    reporters: ['default', './test/clients/which-clients.ts', './scripts/closing-line.ts'],
  },
})
