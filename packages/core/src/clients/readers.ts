import type { BackgroundWork, Clock, SettingsStore } from '../base/index.ts'
import {
  type FeedReader,
  isSilent,
  NOTE_EVERY_MS,
  parseReaders,
  type ReaderKey,
  readBy,
  readerName,
  storedReaders,
  withRead,
} from './rules/readers.ts'

/** Where they lie among the store's settings; written while the feeds are read, so it is never quite new. */
export const FEED_READERS = 'feed-readers'
/** Reads of this process that are remembered between two notes. */
const MAX_REMEMBERED = 100
/** A note that failed is tried again at a read so much later: a locked store must not be asked at every one. */
const TRY_AGAIN_MS = 60_000

/**
 * Who reads the feeds: one stored text of at most fifty readers. Noting a read never throws, and writes at most once in
 * five minutes a reader, whichever process it asked, unless the list had another number of rows than before.
 */
export function readerUseCases(deps: { settings: SettingsStore; clock: Clock; background: BackgroundWork }) {
  /** The latest read of each reader here, and when it was last noted. */
  const latest = new Map<string, { reader: Omit<FeedReader, 'firstReadAt'>; notedAt: number }>()

  async function write(read: Omit<FeedReader, 'firstReadAt'>): Promise<void> {
    const name = readerName(read)
    await deps.settings.update(FEED_READERS, (stored) => {
      const readers = parseReaders(stored)
      const before = readers.find((reader) => readerName(reader) === name)
      const isFresh =
        before !== undefined &&
        before.rows === read.rows &&
        Math.abs(read.lastReadAt - before.lastReadAt) < NOTE_EVERY_MS
      return isFresh && stored !== undefined ? stored : storedReaders(withRead(readers, read))
    })
  }

  return {
    /** Notes a read. Returns at once; it is written in the background. */
    noteRead(read: Omit<FeedReader, 'firstReadAt' | 'lastReadAt'>): void {
      const now = deps.clock.now()
      const reader = { ...read, lastReadAt: now }
      const name = readerName(reader)
      const before = latest.get(name)
      const notedAt = before?.notedAt ?? Number.NEGATIVE_INFINITY
      const isDue = Math.abs(now - notedAt) >= NOTE_EVERY_MS || before?.reader.rows !== reader.rows
      latest.delete(name)
      latest.set(name, { reader, notedAt: isDue ? now : notedAt })
      const oldest = latest.keys().next().value
      if (latest.size > MAX_REMEMBERED && oldest !== undefined) latest.delete(oldest)
      if (!isDue) return
      const writing = write(reader).catch(() => {
        const kept = latest.get(name)
        if (kept) kept.notedAt = now - NOTE_EVERY_MS + TRY_AGAIN_MS
      })
      deps.background.add(writing)
    },

    /** Forgets readers: of one name (`readerName`), or all of one key. False when there were none. */
    async forgetReaders(which: { name: string } | { keyId: string }): Promise<boolean> {
      const isMeant = (reader: ReaderKey) =>
        'name' in which ? readerName(reader) === which.name : reader.keyId === which.keyId
      let found = false
      for (const [name, { reader }] of latest) {
        if (!isMeant(reader)) continue
        latest.delete(name)
        found = true
      }
      await deps.settings.update(FEED_READERS, (stored) => {
        const readers = parseReaders(stored)
        const others = readers.filter((reader) => !isMeant(reader))
        if (others.length === readers.length) return stored ?? storedReaders([])
        found = true
        return storedReaders(others)
      })
      return found
    },

    /** All known readers, newest first, and whether each has fallen silent. */
    async feedReaders(): Promise<(FeedReader & { silent: boolean })[]> {
      const now = deps.clock.now()
      let readers = parseReaders(await deps.settings.get(FEED_READERS)).map((reader) => readBy(reader, now))
      for (const { reader } of latest.values()) {
        const stored = readers.find((one) => readerName(one) === readerName(reader))
        // One that is not stored although it is no news was forgotten, perhaps by another process.
        const isNews = now - reader.lastReadAt < NOTE_EVERY_MS
        if ((stored || isNews) && (stored?.lastReadAt ?? 0) < reader.lastReadAt) readers = withRead(readers, reader)
      }
      return readers.map((reader) => ({ ...reader, silent: isSilent(reader, now) }))
    },
  }
}

export type ReaderUseCases = ReturnType<typeof readerUseCases>
