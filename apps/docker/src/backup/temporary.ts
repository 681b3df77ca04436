import { rmSync } from 'node:fs'

const held = new Set<string>()

// A file may be made in a folder this very moment: then it is not empty yet, and is tried again.
const remove = (path: string) => rmSync(path, { recursive: true, force: true, maxRetries: 3 })

/** Does `work` that needs a file or folder for its time, and removes that afterwards: it may hold secrets. */
export async function holding<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  held.add(path)
  try {
    return await work()
  } finally {
    held.delete(path)
    remove(path)
  }
}

/** Removes what is held just now: the program is ended from outside. */
export function removeHeld(): void {
  for (const path of held) remove(path)
}

/** For a program of one task: a signal that ends it removes what is held. */
export function removeHeldOnSignals(): void {
  const leave = (_: NodeJS.Signals, number: number) => {
    try {
      removeHeld()
    } finally {
      // What a shell says of a program that a signal ended.
      process.exit(128 + number)
    }
  }
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, leave)
}
