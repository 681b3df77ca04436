import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

/** What a stop has to end. */
interface Stoppable {
  stop(): Promise<void>
}

/** The whole of a stop, ms, the end of a start that was under way included. */
const STOP_MS = 7_500
/** A person who presses Ctrl-C again after this long does not want to wait. Sooner ones are the same press, passed on. */
const AGAIN_MS = 1_000

/**
 * Whether a stop came while Node itself was starting, to the first process of a container. Node's own handler is good
 * for one signal and then lets the process die of it, which the kernel does not let the first one do: only that the
 * handler is gone tells of it (node.cc, SignalExit; proc_pid_status(5), SigCgt).
 */
function cameTooEarly(): boolean {
  if (process.pid !== 1 || process.platform !== 'linux') return false
  const [, mask] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const isCaught = (signal: number) => (BigInt(`0x${mask}`) >> BigInt(signal - 1)) % 2n === 1n
  return mask !== undefined && !(isCaught(constants.signals.SIGTERM) && isCaught(constants.signals.SIGINT))
}

/**
 * Hears SIGTERM, SIGINT and the end of `npm start` from now on. The first starts the stop: at once while nothing runs,
 * else after the start. Whoever ends a process sends the signal to it, to its group or through its parents, so it comes
 * once or several times: no further SIGTERM cuts the stop short.
 * @returns a function that is given what runs, as soon as its start begins
 */
export function hearStopSignals(): (starting: Promise<Stoppable>) => void {
  let running: Promise<Stoppable> | undefined
  let since: number | undefined

  async function end(): Promise<void> {
    setTimeout(() => process.exit(1), STOP_MS)
    if (!running) process.exit(0)
    // A start that fails says why, and ends by itself.
    const app = await running.catch(() => undefined)
    if (!app) return
    await app.stop()
    process.exit(0)
  }

  function stop(signal?: NodeJS.Signals): void {
    if (since !== undefined) {
      if (signal === 'SIGINT' && performance.now() - since >= AGAIN_MS) process.exit(1)
      return
    }
    since = performance.now()
    end().catch((error: unknown) => {
      console.error('stellarr did not stop as it should.', error)
      process.exit(1)
    })
  }

  if (cameTooEarly()) process.exit(0)
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // npm start holds a channel to us, which ends with it, however it ends.
  process.on('disconnect', () => stop())
  return (starting) => {
    running = starting
  }
}
