/** Devices of one person. */
export const MAX_DEVICES = 20
/** Messages that wait for one device, and for all of them together: the oldest make room for what is new. */
export const MAX_WAITING = 20
export const MAX_WAITING_IN_ALL = 10_000

/**
 * The ids of messages that are too many, of a device or in all.
 * @param waiting all that wait, the oldest first
 */
export function tooMany(waiting: readonly { id: string; endpoint: string }[]): string[] {
  const seen = new Map<string, number>()
  const kept: string[] = []
  const over: string[] = []
  for (const { id, endpoint } of waiting.toReversed()) {
    const count = (seen.get(endpoint) ?? 0) + 1
    seen.set(endpoint, count)
    if (count > MAX_WAITING || kept.length >= MAX_WAITING_IN_ALL) over.push(id)
    else kept.push(id)
  }
  return over
}
