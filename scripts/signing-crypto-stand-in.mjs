// Stands in for Web Crypto in aws4fetch in the bundles, which takes every step of a signature through the thread pool, with
// code that is loaded for it: 5 ms of a cold start, and some of every call. As much of it as signing needs.
import { createHash, createHmac } from 'node:crypto'

export const crypto = {
  subtle: {
    importKey: async (_format, key) => key,
    sign: async (_algorithm, key, data) => createHmac('sha256', key).update(data).digest(),
    digest: async (_algorithm, data) => createHash('sha256').update(data).digest(),
  },
}
