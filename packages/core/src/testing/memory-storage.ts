import { type Clock, Fault, type Storage } from '../index.ts'
import { type MemoryData, memoryData } from './memory-data.ts'
import { memoryLibrary } from './memory-library.ts'
import { memoryRequests } from './memory-requests.ts'
import { memorySmallStores } from './memory-small-stores.ts'

/**
 * A whole store in memory: for tests of use cases, and the first that the storage contract runs on.
 * @param data where it keeps its rows; what is there already is there. Of its own when absent.
 */
export function memoryStorage({ clock, data = memoryData(clock) }: { clock: Clock; data?: MemoryData }): Storage {
  let closed = false
  const open = () => {
    if (closed) throw new Fault('storage_unavailable', 'The store is closed.')
    return data
  }
  return {
    requests: memoryRequests(open),
    library: memoryLibrary(open, clock),
    revision: { current: async () => open().revision },
    ...memorySmallStores(open, clock),
    turns: data.turns,
    identity: {
      storeId: async () => open().storeId,
      isNew: async () => open().isNew,
      async confirmNew() {
        open().isNew = false
      },
    },
    async close() {
      closed = true
    },
  }
}
