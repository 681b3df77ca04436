/** Lets all else that waits have its turn: long work on one thread calls it between two slices. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
