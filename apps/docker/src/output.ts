/**
 * Lets the process go on when standard output or error cannot be written: a log on a full disk, a reader that has gone.
 * What is written meanwhile is lost.
 */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** Writes a text to standard output. Resolves to whether it was taken. */
export function tellPerson(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(`${text}\n`, (error) => resolve(!error))
  })
}
