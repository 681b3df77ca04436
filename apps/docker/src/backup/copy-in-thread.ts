import { Worker } from 'node:worker_threads'
import { Fault, type FaultCode } from '@stellarr/core'
import type { StoreFacts } from '@stellarr/storage-sqlite/store-file'

type Answer = { facts: StoreFacts } | { fault: { code: FaultCode; message: string } }

/** `copyStoreFile` in a thread of its own, so that the app goes on answering. */
export function copyInThread(from: string, to: string): Promise<StoreFacts> {
  // Bundled beside the program; from its source it is TypeScript as this is.
  const file = import.meta.url.endsWith('.ts') ? './copy-worker.ts' : './copy-worker.mjs'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: { from, to } })
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: Answer) => {
      if ('facts' in answer) resolve(answer.facts)
      else reject(new Fault(answer.fault.code, answer.fault.message))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the copying thread ended with ${code}`)))
  })
}
