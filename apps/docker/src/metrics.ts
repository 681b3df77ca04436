import type { Metrics } from '@stellarr/http'
import type { Figures } from '@stellarr/storage-sqlite'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds: from what comes out of memory to what waits for another service. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 6]

/** Counts for Prometheus. Loaded where a token is set. */
export function openMetrics(options: {
  token: string
  version: string
  figures: () => Promise<Figures>
  areListsClosed: () => Promise<boolean>
}): Metrics {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const gauge = (name: string, help: string) => new Gauge({ name: `stellarr_${name}`, help, registers })

  const answers = new Histogram({
    name: 'stellarr_http_request_duration_seconds',
    help: 'Answers and how long they took, by route.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: BUCKETS,
    registers,
  })
  const reads = new Counter({
    name: 'stellarr_list_reads_total',
    help: 'Lists that clients have read.',
    labelNames: ['list'] as const,
    registers,
  })
  const messages = new Counter({
    name: 'stellarr_webhook_messages_total',
    help: 'Messages of senders, by what became of them.',
    labelNames: ['sender', 'outcome'] as const,
    registers,
  })
  const requests = new Gauge({
    name: 'stellarr_requests',
    help: 'Requests by status.',
    labelNames: ['status'] as const,
    registers,
  })
  const readable = gauge('store_readable', 'Whether the store can be read: 1 or 0.')
  const closed = gauge('lists_closed', 'Whether the lists are closed: 1 or 0.')
  const library = gauge('library_items', 'Titles of the library.')
  const outbox = gauge('push_outbox', 'Push messages that are still to be sent.')
  const revision = gauge('store_revision', 'Rises with every change of requests and library.')
  const build = new Gauge({
    name: 'stellarr_build_info',
    help: 'Which version runs.',
    labelNames: ['version'] as const,
    registers,
  })
  build.set({ version: options.version }, 1)

  async function look(): Promise<void> {
    try {
      const figures = await options.figures()
      requests.reset()
      for (const [status, rows] of Object.entries(figures.requests)) requests.set({ status }, rows)
      library.set(figures.libraryItems)
      outbox.set(figures.outbox)
      revision.set(figures.revision)
      closed.set((await options.areListsClosed()) ? 1 : 0)
      readable.set(1)
    } catch {
      // What was counted last stays; this says that it is old.
      readable.set(0)
      closed.set(1)
    }
  }

  return {
    token: options.token,
    answered: (labels, seconds) => answers.observe(labels, seconds),
    listRead: (list) => reads.inc({ list }),
    received: (sender, outcome) => messages.inc({ sender, outcome }),
    async print() {
      await look()
      return { type: register.contentType, text: await register.metrics() }
    },
  }
}
