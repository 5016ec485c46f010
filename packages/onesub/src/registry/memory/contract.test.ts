import { contractTests } from '../testing/contract-tests.ts'
import { memory } from './testing/store.ts'

contractTests(memory)
