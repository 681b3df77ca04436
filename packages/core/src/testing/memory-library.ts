import {
  type Clock,
  Fault,
  isSyncAlive,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type MediaType,
  type TitleKey,
} from '../index.ts'
import { byKey, type MemorySync, nameOf, type OpenData, pageOf, sortText } from './memory-data.ts'

const rowName = (source: string, key: TitleKey) => `${source}/${nameOf(key)}`
const bySourceAndKey = (a: LibraryRow, b: LibraryRow) =>
  a.source < b.source ? -1 : a.source > b.source ? 1 : byKey(a, b)

/** The library of the memory store. */
export function memoryLibrary(open: OpenData, clock: Clock): LibraryRepository {
  function liveSync(syncId: string): MemorySync {
    const sync = open().syncs.get(syncId)
    if (!sync || !isSyncAlive(sync.beganAt, clock.now())) throw new Fault('sync_unknown', 'There is no such sync.')
    return sync
  }

  /** The staged items, the last page and row winning. */
  function staged(sync: MemorySync): Map<number, LibraryItem> {
    const pages = [...sync.pages].sort(([a], [b]) => a - b)
    return new Map(pages.flatMap(([, items]) => items).map((item) => [item.tmdbId, item]))
  }

  const ownRows = (sync: MemorySync) =>
    [...open().library.values()].filter(({ row }) => row.source === sync.source && row.mediaType === sync.mediaType)

  const sameItem = (row: LibraryRow, item: LibraryItem) =>
    JSON.stringify([row.tvdbId, row.imdbId, row.title, row.seasons]) ===
    JSON.stringify([item.tvdbId, item.imdbId, item.title, item.seasons])

  return {
    async beginSync(source, mediaType) {
      const data = open()
      data.syncNumber += 1
      const id = crypto.randomUUID()
      data.syncs.set(id, { source, mediaType, number: data.syncNumber, beganAt: clock.now(), pages: new Map() })
      return id
    },

    async findSync(syncId) {
      const sync = open().syncs.get(syncId)
      if (!sync || !isSyncAlive(sync.beganAt, clock.now())) return undefined
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
      const data = open()
      const rows = data.library
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
      data.syncs.delete(syncId)
      const before = data.removed.get(sync.source) ?? []
      data.removed.set(sync.source, [...before, ...structuredClone(removed)])
      const here = new Set([...rows.values()].map(({ row }) => nameOf(row)))
      const isNews = new Set(removed.map(nameOf))
      const left = before.filter(
        (key) => key.mediaType === sync.mediaType && !here.has(nameOf(key)) && !isNews.has(nameOf(key)),
      )
      if (removed.length + added.length + changed > 0) data.revision += 1
      return {
        added: added.sort(byKey),
        removed: removed.sort(byKey),
        left: structuredClone(left).sort(byKey),
        unchanged: items.size - added.length - changed,
      }
    },

    async forgetRemoved(source, keys) {
      const { removed } = open()
      const names = new Set(keys.map(nameOf))
      removed.set(
        source,
        (removed.get(source) ?? []).filter((key) => !names.has(nameOf(key))),
      )
    },

    async add(source, items) {
      const data = open()
      const rows = data.library
      const added: TitleKey[] = []
      let changed = 0
      for (const item of items) {
        const name = rowName(source, item)
        const old = rows.get(name)
        if (!old) added.push({ mediaType: item.mediaType, tmdbId: item.tmdbId })
        else if (!sameItem(old.row, item)) changed += 1
        const addedAt = old?.row.addedAt ?? clock.now()
        rows.set(name, { row: { ...structuredClone(item), source, addedAt }, touched: data.syncNumber })
      }
      if (added.length + changed > 0) data.revision += 1
      return added
    },

    async restore(given) {
      const data = open()
      const rows = data.library
      let restored = 0
      for (const row of given) {
        const name = rowName(row.source, row)
        if (rows.has(name)) continue
        rows.set(name, { row: structuredClone(row), touched: data.syncNumber })
        restored += 1
      }
      if (restored > 0) data.revision += 1
      return restored
    },

    async remove(source, key) {
      const data = open()
      const removed = data.library.delete(rowName(source, key))
      if (removed) data.revision += 1
      return removed
    },

    async findMany(keys) {
      const all = [...open().library.values()].map(({ row }) => row).sort(bySourceAndKey)
      const names = [...new Set(keys.map(nameOf))]
      return names.flatMap((name) => all.filter((row) => nameOf(row) === name).map((row) => structuredClone(row)))
    },

    async listIds() {
      const rows = [...open().library.values()].map(({ row }) => row)
      const ids = (type: MediaType) => [
        ...new Set(rows.filter((row) => row.mediaType === type).map((row) => row.tmdbId)),
      ]
      return { movie: ids('movie').sort((a, b) => a - b), tv: ids('tv').sort((a, b) => a - b) }
    },

    exportAll: async (cursor) =>
      pageOf(
        [...open().library.values()].map(({ row }) => row),
        (row) => `${row.source}/${sortText(row)}`,
        cursor,
      ),
  }
}
