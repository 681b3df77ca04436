/** A stream that text is written to. */
export interface Sink {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

/** What the agent writes: results on one stream, everything else on the other. No secret and no control character passes. */
export interface Output {
  result(text: string): void
  note(text: string): void
  /** How far something is: one line that is rewritten on a terminal, now and then a line elsewhere. */
  progress(text: string): void
}

/** Elsewhere than on a terminal progress is told this often. */
const PROGRESS_EVERY_MS = 15_000

const escapes = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

/** Makes the agent's output. */
export function createOutput(sinks: { out: Sink; err: Sink }, secrets: readonly string[], now = Date.now): Output {
  const { out, err } = sinks
  // Longest first, so that no part of one stays when another is contained in it. What is shorter than a word is no token.
  const hidden = secrets.filter((secret) => secret.length > 3).sort((a, b) => b.length - a.length)
  let shown = false
  let lastProgress = now()

  function clean(text: string): string {
    let safe = text.replace(escapes, ' ')
    for (const secret of hidden) safe = safe.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***')
    return safe
  }

  /** Takes the rewritten line away. */
  function clear(): void {
    if (shown) err.write('\r\x1b[K')
    shown = false
  }

  return {
    result(text) {
      clear()
      out.write(`${clean(text)}\n`)
    },
    note(text) {
      clear()
      err.write(`${clean(text)}\n`)
    },
    progress(text) {
      if (err.isTTY) {
        err.write(`\r${clean(text).slice(0, (err.columns ?? 80) - 1)}\x1b[K`)
        shown = true
      } else if (now() - lastProgress >= PROGRESS_EVERY_MS) {
        lastProgress = now()
        err.write(`${clean(text)}\n`)
      }
    },
  }
}

/** A number as people read it: 1,234. */
export function count(number: number): string {
  return number.toLocaleString('en')
}
