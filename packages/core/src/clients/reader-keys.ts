import { type Clock, Fault, type SettingsStore, sha256Hex, toBase64Url } from '../base/index.ts'

/** Where the keys lie among the store's settings. */
export const READER_KEYS = 'reader-keys'
const MAX_KEYS = 50
/** How long keys that were read are believed: one that was ended in another process may work so much longer. */
const BELIEVED_MS = 10_000
/** A key that is not among them may have been made since, in another process: they are read anew at most this often. */
const AGAIN_MS = 1_000

/** A reader with a feed key of its own. Hashes alone are stored. */
export interface ReaderOfKey {
  id: string
  name: string
  /** Epoch ms. */
  createdAt: number
  /** SHA-256 (hex) of its keys, the newest first: two while it is being replaced. */
  keys: { hash: string; since: number }[]
}

export type NewKeyOutcome =
  | { kind: 'made'; token: string; reader: ReaderOfKey }
  | { kind: 'not_found' }
  | { kind: 'too_many' }

function parseKeys(stored: string | undefined): ReaderOfKey[] {
  try {
    const rows: unknown = JSON.parse(stored ?? '[]')
    if (Array.isArray(rows)) return rows
  } catch {
    // Said below.
  }
  throw new Fault('storage_corrupt', 'The keys of the readers cannot be read.')
}

function ownerOf(hash: string, readers: readonly ReaderOfKey[]): { id: string; old: boolean } | undefined {
  for (const { id, keys } of readers) {
    const place = keys.findIndex((key) => key.hash === hash)
    if (place >= 0) return { id, old: place > 0 }
  }
  return undefined
}

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** Feed keys of single readers: made, replaced and ended one by one, while all others stay as they are. */
export function readerKeyUseCases(deps: { settings: SettingsStore; clock: Clock }) {
  let kept: { readers: Promise<ReaderOfKey[]>; at: number } | undefined

  const load = async () => parseKeys(await deps.settings.get(READER_KEYS))

  /** The readers as they were read at most so long ago. */
  function notOlderThan(ms: number): Promise<ReaderOfKey[]> {
    const now = deps.clock.now()
    if (!kept || Math.abs(now - kept.at) >= ms) {
      const readers = load()
      kept = { readers, at: now }
      readers.catch(() => {
        kept = undefined
      })
    }
    return kept.readers
  }

  async function update(change: (readers: ReaderOfKey[]) => ReaderOfKey[]): Promise<void> {
    await deps.settings.update(READER_KEYS, (stored) => JSON.stringify(change(parseKeys(stored))))
    kept = undefined
  }

  return {
    /** Whose key a text is; `old` when it has been replaced. Undefined when it is nobody's. Throws the store's faults. */
    async readerOfKey(token: string): Promise<{ id: string; old: boolean } | undefined> {
      const known = await notOlderThan(BELIEVED_MS)
      const hash = await sha256Hex(token)
      return ownerOf(hash, known) ?? ownerOf(hash, await notOlderThan(AGAIN_MS))
    },

    listReaderKeys: load,

    /** Makes a key: for a new reader of that name, or a second one for the reader of that id, whose first stays valid. */
    async makeReaderKey(wanted: { name: string } | { replaces: string }): Promise<NewKeyOutcome> {
      const token = toBase64Url(random(24))
      const now = deps.clock.now()
      const key = { hash: await sha256Hex(token), since: now }
      const fresh = 'name' in wanted ? { id: toBase64Url(random(9)), name: wanted.name, createdAt: now } : undefined
      let outcome: NewKeyOutcome = { kind: 'not_found' }
      await update((readers) => {
        if (fresh) {
          if (readers.length >= MAX_KEYS) {
            outcome = { kind: 'too_many' }
            return readers
          }
          const reader = { ...fresh, keys: [key] }
          outcome = { kind: 'made', token, reader }
          return [...readers, reader]
        }
        return readers.map((reader) => {
          if (!('replaces' in wanted) || reader.id !== wanted.replaces) return reader
          const replaced = { ...reader, keys: [key, ...reader.keys.slice(0, 1)] }
          outcome = { kind: 'made', token, reader: replaced }
          return replaced
        })
      })
      return outcome
    },

    /** Ends a reader's keys, or only the older of two. False when there was nothing to end. */
    async endReaderKey(id: string, onlyOld: boolean): Promise<boolean> {
      let ended = false
      await update((readers) =>
        readers.flatMap((reader) => {
          if (reader.id !== id || (onlyOld && reader.keys.length < 2)) return [reader]
          ended = true
          return onlyOld ? [{ ...reader, keys: reader.keys.slice(0, 1) }] : []
        }),
      )
      return ended
    },
  }
}
