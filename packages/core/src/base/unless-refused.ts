import { type Fault, isFault } from './errors.ts'

/** What a change of one title comes to; undefined where the store refuses this one alone, which `refused` is told. */
export async function unlessRefused<Result>(
  change: Promise<Result>,
  refused: (fault: Fault) => void,
): Promise<Result | undefined> {
  try {
    return await change
  } catch (error) {
    if (!isFault(error, 'row_refused')) throw error
    refused(error)
    return undefined
  }
}
