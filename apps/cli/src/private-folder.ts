import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What ends a program from outside while it can still tidy up. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/**
 * Gives `work` a folder that this user alone can read, and removes it afterwards: it may hold a copy of a house, with
 * its keys. Meanwhile a signal that ends the program removes it as well; Node would leave out every `finally` then.
 * @param name what the folder's name begins with
 */
export async function inPrivateFolder<Result>(
  name: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), name))
  // A file may be made in it this very moment: then the folder is not empty yet, and is tried again.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  // 128 and the signal's number is what a shell says of a program that a signal ended.
  const leave = (_: NodeJS.Signals, number: number) => {
    try {
      remove()
    } finally {
      process.exit(128 + number)
    }
  }
  for (const signal of SIGNALS) process.on(signal, leave)
  try {
    return await work(folder)
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave)
    remove()
  }
}
