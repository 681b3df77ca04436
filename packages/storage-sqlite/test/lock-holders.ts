import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Another process that takes locks. */
export interface LockHolder {
  pid: number | undefined
  /** Takes the lock of a store, or releases what it holds. @returns `held`, `released`, or the line that refused it */
  tell(path: string | null): Promise<string>
  /** @param signal SIGKILL leaves it no time for anything */
  end(signal: NodeJS.Signals): Promise<void>
}

export function startHolder(): LockHolder {
  const child: ChildProcess = fork(fileURLToPath(new URL('./hold-lock.ts', import.meta.url)))
  return {
    pid: child.pid,
    tell: (path) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the process that takes locks has ended'))
        child.once('exit', ended)
        child.once('message', (said) => {
          child.off('exit', ended)
          resolve(String(said))
        })
        // One that has ended is told of here as well.
        child.send(path ?? '', (error) => error && reject(error))
      }),
    end: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve()
        child.once('close', () => resolve())
        child.kill(signal)
      }),
  }
}

/**
 * Lets processes ask for one lock at once. @param rounds how often
 * @returns for each round, how many of them got it
 */
export async function raceForLock(path: string, rounds: number, holders: readonly LockHolder[]): Promise<number[]> {
  const winners: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const said = await Promise.all(holders.map((holder) => holder.tell(path)))
    winners.push(said.filter((one) => one === 'held').length)
    await Promise.all(holders.map((holder) => holder.tell(null)))
  }
  return winners
}
