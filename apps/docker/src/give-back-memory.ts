import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_MS = 10_000
/** So much more than was left the last time is worth a collection. */
const MORE_BYTES = 8 * 1024 * 1024
/** The share of the time in which the event loop has something to do, below which nobody waits. */
const IDLE = 0.2
/** The first collection empties pages of the heap, the next one gives them back. */
const AGAIN_MS = 1_000

/** What it needs of V8 and Node. */
export interface Memory {
  /** Bytes that the heap takes, garbage too. */
  heapTotal(): number
  /** The event loop's share of the time since it was asked last, 0 to 1. */
  busy(): number
  collect(): void
}

/**
 * Answers what is to be called every few seconds: it gives back what a large body or list has left in the heap. V8
 * collects only while there is something to do, and would keep it until then.
 */
export function memoryGiver({ heapTotal, busy, collect }: Memory, later: (work: () => void, ms: number) => void) {
  let left = heapTotal()
  return (): void => {
    const isIdle = busy() < IDLE
    left = Math.min(left, heapTotal())
    if (!isIdle || heapTotal() <= left + MORE_BYTES) return
    collect()
    later(() => {
      collect()
      left = heapTotal()
    }, AGAIN_MS)
  }
}

/** Gives memory back for as long as this process runs. Keeps no process alive. */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let last = performance.eventLoopUtilization()
  const busy = () => {
    const { utilization } = performance.eventLoopUtilization(last)
    last = performance.eventLoopUtilization()
    return utilization
  }
  const heapTotal = () => process.memoryUsage().heapTotal
  const look = memoryGiver({ heapTotal, busy, collect }, (work, ms) => setTimeout(work, ms).unref())
  setInterval(look, LOOK_MS).unref()
}
