// Reads one of Sonarr's largest messages in a process of its own, and prints what that took.

import { readWebhookBody } from '../src/senders/body.ts'
import { SENDERS } from '../src/senders/index.ts'
import { type Bulk, importMessage, requestOf } from './large-messages.ts'

const [bulk, way, size] = process.argv.slice(2)
let bytes = 0
function* counted() {
  for (const piece of importMessage(bulk as Bulk, Number(size))) {
    bytes += piece.length
    yield piece
  }
}
const pieces = counted()
const req = requestOf(way === 'whole' ? Buffer.concat([...pieces]) : pieces)
const { limits, read } = SENDERS.sonarr
const used = () => {
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, held: heapUsed + external }
}

globalThis.gc?.()
const before = used()
const most = { rss: 0, held: 0, blockedMs: 0 }
let isDone = false
let last = performance.now()
function look() {
  const now = performance.now()
  most.blockedMs = Math.max(most.blockedMs, now - last)
  last = now
  const { rss, held } = used()
  most.rss = Math.max(most.rss, rss - before.rss)
  most.held = Math.max(most.held, held - before.held)
  if (!isDone) setImmediate(look)
}
look()
const body = await readWebhookBody(req, limits)
const told = body.kind === 'json' ? read(body.value) : body
isDone = true
await new Promise((resolve) => setImmediate(resolve))
const episodes = told.kind === 'event' ? told.event.parts?.length : told
console.log(JSON.stringify({ ...most, bytes, episodes }))
