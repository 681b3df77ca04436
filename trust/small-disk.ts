import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount: ${stderr.trim()}`)
}

/** A file system of its own in memory, of so many kB. */
export function smallDisk(folder: string, kilobytes: number) {
  mkdirSync(folder, { recursive: true })
  mount('-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0700`, 'tmpfs', folder)
  return {
    /** Makes it larger or smaller. */
    resize: (size: number) => mount('-o', `remount,size=${size}k`, folder),
    /** Nothing can be written to it any more, or again. */
    readOnly: (isReadOnly: boolean) => mount('-o', isReadOnly ? 'remount,ro' : 'remount,rw', folder),
    remove: () => void spawnSync('umount', ['-l', folder]),
  }
}
