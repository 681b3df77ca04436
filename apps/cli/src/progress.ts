import { grouped } from './lines.ts'

/** A sign of life every few seconds. */
const EVERY_MS = 3_000

/** Says on standard error, now and then, how many rows of some work are done and how fast. */
export function progress(what: string, write: (text: string) => void = (text) => void process.stderr.write(text)) {
  const began = performance.now()
  let said = began
  let first: number | undefined
  return {
    /** @param done rows done by now, of `all` where that is known */
    at(done: number, all?: number): void {
      first ??= done
      const now = performance.now()
      if (now - said < EVERY_MS) return
      said = now
      const speed = Math.round(((done - first) * 1000) / (now - began))
      const of = all === undefined ? '' : ` of ${grouped(all)}`
      write(`  ${what}: ${grouped(done)}${of} rows, ${grouped(speed)} a second\n`)
    },
  }
}
