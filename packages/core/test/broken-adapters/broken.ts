import type { Clock, Storage, TitleKey } from '../../src/index.ts'
import type { MemoryData } from '../../src/testing/index.ts'

/** What a fault puts in the place of parts of a sound store over the same data. */
type Breaks = (sound: Storage, data: MemoryData, clock: Clock) => Partial<Storage>

/** A store broken on purpose: the fault, the group of the contract that catches it, and how it comes about. */
export type Broken = readonly [fault: string, caughtBy: string, breaks: Breaks]

/** Long enough for others to come in between. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 1))

export const nameOf = (key: TitleKey) => `${key.mediaType}/${key.tmdbId}`
