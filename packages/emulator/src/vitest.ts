import { afterAll, beforeAll } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator } from './start.ts'

/** Starts an emulator before the suite and stops it afterwards: `const cognito = useEmulator()`, `cognito().endpoint`. */
export function useEmulator(options: EmulatorOptions = {}): () => Emulator {
  let emulator: Emulator | undefined
  beforeAll(async () => {
    emulator = await startEmulator(options)
  })
  afterAll(async () => {
    await emulator?.close()
    emulator = undefined
  })
  return () => {
    if (!emulator) throw new Error('The emulator runs only while the tests of its suite run.')
    return emulator
  }
}
