// Copies and checks a store in a thread of its own: a check of a large one takes seconds.
import { parentPort, workerData } from 'node:worker_threads'
import { isFault } from '@stellarr/core'
import { copyStoreFile } from '@stellarr/storage-sqlite/store-file'

copyStoreFile(workerData.from, workerData.to).then(
  (facts) => parentPort?.postMessage({ facts }),
  (error: unknown) => {
    if (!isFault(error)) throw error
    // A thread's errors arrive as plain ones.
    parentPort?.postMessage({ fault: { code: error.code, message: error.message } })
  },
)
