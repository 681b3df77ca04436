import type { Line } from '../line.ts'
import { clockLines } from './clocks.ts'
import { costLines } from './costs.ts'
import { crashLines } from './crash.ts'
import { diskLines } from './disks.ts'
import { floodLines } from './floods.ts'
import { folderLines } from './folders.ts'
import { frozenLines } from './frozen.ts'
import { leakLines } from './leaks.ts'
import { lockLines } from './locks.ts'
import { pageLines } from './pages.ts'
import { proofLines } from './proofs.ts'
import { propertyLines } from './property.ts'
import { rawHttpLines } from './raw-http.ts'
import { signInLines } from './sign-in.ts'
import { stopLines } from './stops.ts'
import { tornLines } from './torn.ts'

/** Everything that is tried, in the order of a run. */
export const LINES: readonly Line[] = [
  ...crashLines,
  ...tornLines,
  ...frozenLines,
  ...diskLines,
  ...folderLines,
  ...lockLines,
  ...clockLines,
  ...stopLines,
  ...rawHttpLines,
  ...signInLines,
  ...propertyLines,
  ...leakLines,
  ...pageLines,
  ...costLines,
  ...floodLines,
  ...proofLines,
]
