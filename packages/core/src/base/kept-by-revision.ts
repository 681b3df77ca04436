/**
 * Keeps what `make` answers for as long as the store's revision stands still. Answers what asks for it by a revision that
 * was read before, so that what is kept is never older than it. One making is under way at a time: those who come
 * meanwhile share the next one. What fails is not kept.
 */
export function keptByRevision<Made>(make: () => Promise<Made>): (revision: number) => Promise<Made> {
  let kept: { revision: number; made: Made } | undefined
  let running: Promise<unknown> = Promise.resolve()
  let next: { revision: number; made: Promise<Made> } | undefined

  function begin(revision: number): Promise<Made> {
    const mine = { revision, made: running.then(run) }
    async function run(): Promise<Made> {
      // From here on it may miss what comes: who comes now waits for another one.
      next = undefined
      const made = await make()
      kept = { revision: mine.revision, made }
      return made
    }
    next = mine
    running = mine.made.catch(() => undefined)
    return mine.made
  }

  return async (revision) => {
    if (kept?.revision === revision) return kept.made
    if (!next) return begin(revision)
    next.revision = Math.max(next.revision, revision)
    return next.made
  }
}
