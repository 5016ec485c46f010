import { EMULATOR } from './areas/emulator.ts'
import { ENUMERATION } from './areas/enumeration.ts'
import { IDENTIFIERS } from './areas/identifiers.ts'
import { INPUT } from './areas/input.ts'
import { LINKING } from './areas/linking.ts'
import { MERGES } from './areas/merge.ts'
import { OUTSIDE } from './areas/outside.ts'
import { PROVIDERS } from './areas/providers.ts'
import { SUPPLY } from './areas/supply.ts'
import { TOKENS } from './areas/tokens.ts'
import { TRIGGERS } from './areas/triggers.ts'
import type { Area } from './clauses.ts'

/** The attacks and faults that onesub has to withstand, by area. */
export const AREAS: readonly Area[] = [
  LINKING,
  PROVIDERS,
  IDENTIFIERS,
  INPUT,
  TOKENS,
  ENUMERATION,
  TRIGGERS,
  MERGES,
  EMULATOR,
  SUPPLY,
  OUTSIDE,
]
