import type { PlantedBug } from './bug.ts'
import { AFTER_A_LINK } from './bugs/after-a-link.ts'
import { AROUND_A_LINK } from './bugs/around-a-link.ts'
import { ARTICLES } from './bugs/articles.ts'
import { DOUBT } from './bugs/doubt.ts'
import { EDGES } from './bugs/edges.ts'
import { EVIDENCE } from './bugs/evidence.ts'
import { FIXES } from './bugs/fixes.ts'
import { KINDS } from './bugs/kinds.ts'
import { LEFT_ADDRESS } from './bugs/left-address.ts'
import { OTHER_KINDS } from './bugs/other-kinds.ts'
import { PROTOCOL } from './bugs/protocol.ts'
import { RARELY_MET } from './bugs/rarely-met.ts'
import { REMOVED_PROVIDER } from './bugs/removed-provider.ts'
import { ROOMS } from './bugs/rooms.ts'
import { TENANTS } from './bugs/tenants.ts'
import { UNLINK } from './bugs/unlink.ts'

/**
 * Faults that somebody could make, each as one change of the source: what the articles on this subject do, the fix of a threat removed, and
 * what a tired colleague might do to the protocol. The proof has to find every one; one that it does not find is a hole in the proof.
 */
export const BUGS: readonly PlantedBug[] = [
  ...ARTICLES,
  ...PROTOCOL,
  ...FIXES,
  ...KINDS,
  ...EVIDENCE,
  ...ROOMS,
  ...EDGES,
  ...DOUBT,
  ...TENANTS,
  ...AFTER_A_LINK,
  ...LEFT_ADDRESS,
  ...OTHER_KINDS,
  ...RARELY_MET,
  ...UNLINK,
  ...REMOVED_PROVIDER,
  ...AROUND_A_LINK,
]
