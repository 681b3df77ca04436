import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '@stellarr/core'

/**
 * File systems that may give one file another number at the next mount or look, by the `f_type` of Linux' statfs(2)
 * (its manual page; include/uapi/linux/magic.h; for SMB2 fs/smb/common/smb2pdu.h).
 */
const UNSTEADY = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
])

/** What stays with a file over restarts, and no copy of it has. */
export interface FileIdentity {
  inode: string
  /** When it was made, epoch ns; absent where the file system does not keep that. */
  birth?: string
}

/** The name of a file system whose numbers are not to be relied on; undefined where they are. */
export function unsteadyFileSystem(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  return UNSTEADY.get(statfsSync(dirname(path)).type >>> 0)
}

/** The identity of a file that exists. Node says 0 or the time of the last change where the time of making is not kept. */
export function identityOf(path: string): FileIdentity {
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true })
  const isKept = birthtimeNs > 0n && birthtimeNs !== ctimeNs
  return { inode: String(ino), ...(isKept && { birth: String(birthtimeNs) }) }
}

/**
 * Whether a file that was noted once is the one at this path; undefined when its number alone says so and more could be
 * noted now. The number of a deleted file is soon given to the next one.
 */
export function compareFile(noted: FileIdentity, path: string): 'same' | 'another' | undefined {
  const { ino, birthtimeNs } = statSync(path, { bigint: true })
  if (noted.inode !== String(ino)) return 'another'
  if (noted.birth === undefined) return identityOf(path).birth === undefined ? 'same' : undefined
  // Also one that equals its last change: what was noted shows that the time is kept here.
  return noted.birth === String(birthtimeNs) ? 'same' : 'another'
}

/** What a watch finds at the path of an open database. */
export interface FileWatch {
  isInPlace(): boolean
  /** Throws `storage_unavailable` unless the files are those that were opened and nobody else wrote over them. */
  check(): void
  /** A write of our own has ended: it may have brought the write-ahead log home. */
  written(): void
}

/**
 * Watches that the files of an open database are still those at its path: what is written into a file that was deleted
 * or replaced is lost. A write-ahead log counts no less than its database. Under WAL only this process changes the
 * database file itself, and only at the end of a write: whoever else does, as by copying a backup over it, has destroyed
 * it. Costs two `stat` of some microseconds.
 */
export function fileWatch(path: string): FileWatch {
  const isSteady = unsteadyFileSystem(path) === undefined
  const log = `${path}-wal`
  const look = (name: string) => statSync(name, { throwIfNoEntry: false })
  type Found = ReturnType<typeof look>
  // Where numbers are not steady, times may be those of another machine, too.
  const placeOf = (found: Found) => found && (isSteady ? `${found.dev}:${found.ino}` : 'there')
  const contentOf = (found: Found) => (found && isSteady ? `${found.size} ${found.mtimeMs}` : '')
  const opened = look(path)
  const places = [placeOf(opened), placeOf(look(log))]
  let content = contentOf(opened)
  function isInPlace(): boolean {
    const found = look(path)
    const [place, logPlace] = places
    const isSame = (noted: string | undefined, present: Found) => noted === undefined || noted === placeOf(present)
    return isSame(place, found) && contentOf(found) === content && isSame(logPlace, look(log))
  }
  return {
    isInPlace,
    check() {
      if (isInPlace()) return
      throw new Fault(
        'storage_unavailable',
        'The database file was deleted or replaced while Stellarr was running. Restart it.',
      )
    },
    written() {
      content = contentOf(look(path))
    },
  }
}
