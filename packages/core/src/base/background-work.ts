/** What a promise comes to, or something else when it takes longer than the given time. It goes on by itself. */
export async function within<Result>(work: Promise<Result>, mostMs: number, otherwise: Result): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), mostMs)
  })
  try {
    return await Promise.race([work, patience])
  } finally {
    clearTimeout(timer)
  }
}

/** Work that an answer does not wait for. Whoever sleeps or ends gives it a moment. */
export function backgroundWork() {
  const underWay = new Set<Promise<unknown>>()
  return {
    /** Whoever hands work over has dealt with its failures. */
    add(work: Promise<unknown>): void {
      const going = work.finally(() => underWay.delete(going))
      underWay.add(going)
    },
    /** Waits for all that is under way, no longer than the given time. */
    async settle(mostMs: number): Promise<void> {
      if (underWay.size > 0) await within(Promise.all(underWay), mostMs, [])
    },
  }
}

export type BackgroundWork = ReturnType<typeof backgroundWork>
