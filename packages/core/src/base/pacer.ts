/** So long a piece of work may go on before everybody else has a turn, ms. */
const TURN_MS = 10

/**
 * Makes what long work awaits between its steps, each of at most some milliseconds: once they have taken long enough, it
 * lets everybody else have a turn. Awaiting a store on the own disk does not, since that answers at once.
 */
export function pacer(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < TURN_MS) return
    await new Promise<void>((resolve) => setTimeout(resolve, 0))
    since = performance.now()
  }
}
