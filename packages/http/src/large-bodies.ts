import type { Request, Response } from 'express'
import { HttpError } from './http-error.ts'

/** Larger bodies are parsed one at a time: one of 16 MB comes to some 100 MB of objects. */
export const LARGE_BODY = 1024 * 1024
/** Requests that may wait for their turn, and for how long. */
const MOST_WAITING = 20
const WAIT_MS = 60_000
/** How long a body may take once its turn has come: 16 MB over a slow line. */
const READ_MS = 120_000

/** True for a body that may be large: said so, packed, or of a size that is not told. */
function mayBeLarge(req: Request): boolean {
  const length = req.get('content-length')
  if (req.get('content-encoding') !== undefined) return true
  return length === undefined ? req.get('transfer-encoding') !== undefined : Number(length) > LARGE_BODY
}

const busy = () =>
  new HttpError(503, 'busy', 'Other large bodies are being read just now. Try again.', { retryAfter: 30 })

/** Who waits, first come first; of this process, whose memory it is. */
const line: ((begin: boolean) => void)[] = []
let isTaken = false

function leave(): void {
  const next = line.shift()
  if (next) next(true)
  else isTaken = false
}

async function takeTurn(res: Response): Promise<void> {
  if (!isTaken) {
    isTaken = true
    return
  }
  if (line.length >= MOST_WAITING) throw busy()
  const begins = await new Promise<boolean>((resolve) => {
    const stop = () => {
      const place = line.indexOf(begin)
      if (place >= 0) line.splice(place, 1)
      resolve(false)
    }
    const timer = setTimeout(stop, WAIT_MS)
    const begin = (mayBegin: boolean) => {
      clearTimeout(timer)
      res.off('close', stop)
      resolve(mayBegin)
    }
    // Who has left does not keep the others waiting.
    res.once('close', stop)
    line.push(begin)
  })
  if (!begins) throw busy()
}

/**
 * Reads a body once no other large one is being worked on; its turn lasts until it is answered. Throws 503 where too many
 * wait or it takes too long until its turn, and 408 where the body itself does.
 */
export async function inLargeBodyTurn(req: Request, res: Response, read: () => Promise<void>): Promise<void> {
  if (!mayBeLarge(req)) return read()
  await takeTurn(res)
  let isOver = false
  const over = () => {
    if (!isOver) leave()
    isOver = true
  }
  res.once('finish', over)
  res.once('close', over)
  if (res.closed) over()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      res.setHeader('Connection', 'close')
      reject(new HttpError(408, 'too_slow', 'The body has not arrived in two minutes.'))
    }, READ_MS)
  })
  try {
    await Promise.race([read(), late])
  } finally {
    clearTimeout(timer)
  }
}
