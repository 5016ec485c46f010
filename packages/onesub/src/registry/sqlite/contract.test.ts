import { contractTests } from '../testing/contract-tests.ts'
import { sqlite } from './testing/store.ts'

contractTests(sqlite)
