import type { Line } from '../line.ts'
import { crashLines } from './crash.ts'
import { diskLines } from './disks.ts'
import { folderLines } from './folders.ts'
import { propertyLines } from './property.ts'
import { rawHttpLines } from './raw-http.ts'
import { signInLines } from './sign-in.ts'
import { tornLines } from './torn.ts'

/** Everything that is tried, in the order of a run. */
export const LINES: readonly Line[] = [
  ...crashLines,
  ...tornLines,
  ...diskLines,
  ...folderLines,
  ...rawHttpLines,
  ...signInLines,
  ...propertyLines,
]
