import {
  type Clock,
  Fault,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type LibrarySource,
  type MediaType,
  SYNC_LIFE_MS,
  type TitleKey,
} from '../index.ts'
import { byKey, type MemoryState, nameOf, pageOf } from './memory-storage.ts'

interface Sync {
  source: LibrarySource
  mediaType: MediaType
  number: number
  beganAt: number
  pages: Map<number, readonly LibraryItem[]>
}

interface Kept {
  row: LibraryRow
  /** The newest sync that had begun when `add` last reported it. */
  touched: number
}

const rowName = (source: string, key: TitleKey) => `${source}/${nameOf(key)}`
const bySourceAndKey = (a: LibraryRow, b: LibraryRow) =>
  a.source < b.source ? -1 : a.source > b.source ? 1 : byKey(a, b)

/** The library of the memory store. */
export function memoryLibrary(state: MemoryState, clock: Clock): LibraryRepository {
  const rows = new Map<string, Kept>()
  const syncs = new Map<string, Sync>()
  let syncNumber = 0

  function liveSync(syncId: string): Sync {
    state.open()
    const sync = syncs.get(syncId)
    if (!sync || sync.beganAt <= clock.now() - SYNC_LIFE_MS) throw new Fault('sync_unknown', 'There is no such sync.')
    return sync
  }

  /** The staged items, the last page and row winning. */
  function staged(sync: Sync): Map<number, LibraryItem> {
    const pages = [...sync.pages].sort(([a], [b]) => a - b)
    return new Map(pages.flatMap(([, items]) => items).map((item) => [item.tmdbId, item]))
  }

  const ownRows = (sync: Sync) =>
    [...rows.values()].filter(({ row }) => row.source === sync.source && row.mediaType === sync.mediaType)

  const sameItem = (row: LibraryRow, item: LibraryItem) =>
    JSON.stringify([row.tvdbId, row.imdbId, row.title, row.seasons]) ===
    JSON.stringify([item.tvdbId, item.imdbId, item.title, item.seasons])

  return {
    async beginSync(source, mediaType) {
      state.open()
      syncNumber += 1
      const id = crypto.randomUUID()
      syncs.set(id, { source, mediaType, number: syncNumber, beganAt: clock.now(), pages: new Map() })
      return id
    },

    async findSync(syncId) {
      state.open()
      const sync = syncs.get(syncId)
      if (!sync || sync.beganAt <= clock.now() - SYNC_LIFE_MS) return undefined
      return { source: sync.source, mediaType: sync.mediaType }
    },

    async stage(syncId, page, items) {
      liveSync(syncId).pages.set(page, structuredClone(items))
    },

    async preview(syncId) {
      const sync = liveSync(syncId)
      return { current: ownRows(sync).length, staged: staged(sync).size, pages: sync.pages.size }
    },

    async commit(syncId) {
      const sync = liveSync(syncId)
      const items = staged(sync)
      const removed: TitleKey[] = []
      const added: TitleKey[] = []
      let changed = 0
      for (const { row, touched } of ownRows(sync)) {
        if (items.has(row.tmdbId) || touched >= sync.number) continue
        rows.delete(rowName(row.source, row))
        removed.push({ mediaType: row.mediaType, tmdbId: row.tmdbId })
      }
      for (const item of items.values()) {
        const name = rowName(sync.source, item)
        const old = rows.get(name)
        if (old && (old.touched >= sync.number || sameItem(old.row, item))) continue
        const addedAt = old?.row.addedAt ?? clock.now()
        rows.set(name, { row: { ...structuredClone(item), source: sync.source, addedAt }, touched: old?.touched ?? 0 })
        if (old) changed += 1
        else added.push({ mediaType: item.mediaType, tmdbId: item.tmdbId })
      }
      syncs.delete(syncId)
      if (removed.length + added.length + changed > 0) state.revision += 1
      return { added: added.sort(byKey), removed: removed.sort(byKey), unchanged: items.size - added.length - changed }
    },

    async add(source, items) {
      state.open()
      const added: TitleKey[] = []
      let changed = 0
      for (const item of items) {
        const name = rowName(source, item)
        const old = rows.get(name)
        if (!old) added.push({ mediaType: item.mediaType, tmdbId: item.tmdbId })
        else if (!sameItem(old.row, item)) changed += 1
        const addedAt = old?.row.addedAt ?? clock.now()
        rows.set(name, { row: { ...structuredClone(item), source, addedAt }, touched: syncNumber })
      }
      if (added.length + changed > 0) state.revision += 1
      return added
    },

    async restore(given) {
      state.open()
      let restored = 0
      for (const row of given) {
        const name = rowName(row.source, row)
        if (rows.has(name)) continue
        rows.set(name, { row: structuredClone(row), touched: syncNumber })
        restored += 1
      }
      if (restored > 0) state.revision += 1
      return restored
    },

    async remove(source, key) {
      state.open()
      const removed = rows.delete(rowName(source, key))
      if (removed) state.revision += 1
      return removed
    },

    async findMany(keys) {
      state.open()
      const all = [...rows.values()].map(({ row }) => row).sort(bySourceAndKey)
      const names = [...new Set(keys.map(nameOf))]
      return names.flatMap((name) => all.filter((row) => nameOf(row) === name).map((row) => structuredClone(row)))
    },

    async listIds() {
      state.open()
      const ids = (type: MediaType) => [
        ...new Set([...rows.values()].filter(({ row }) => row.mediaType === type).map(({ row }) => row.tmdbId)),
      ]
      return { movie: ids('movie').sort((a, b) => a - b), tv: ids('tv').sort((a, b) => a - b) }
    },

    async exportAll(cursor) {
      state.open()
      const all = [...rows.values()].map(({ row }) => structuredClone(row)).sort(bySourceAndKey)
      return pageOf(all, (row) => rowName(row.source, row), cursor)
    },
  }
}
