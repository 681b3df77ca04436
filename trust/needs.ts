import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** libfaketime where Debian and others put it. */
const LIBFAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib64/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
]
export const faketimeLibrary = (): string | undefined => LIBFAKETIME.find((path) => existsSync(path))

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const chromiumPath = (): string | undefined =>
  [process.env.CHROMIUM_PATH ?? '', ...CHROMIUM].find((path) => path !== '' && existsSync(path))

const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** What a line may need of the machine: whether it is there, and how to get it. */
const NEEDS = {
  libfaketime: { isThere: () => faketimeLibrary() !== undefined, remedy: 'apt install libfaketime' },
  strace: { isThere: () => runs('strace', '-V'), remedy: 'apt install strace' },
  chromium: { isThere: () => chromiumPath() !== undefined, remedy: 'install Chromium, or set CHROMIUM_PATH' },
  // Small disks are file systems in memory.
  mount: {
    isThere: () => runs('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'),
    remedy: 'run it as root, where file systems may be mounted',
  },
  pids: {
    isThere: () => runs('unshare', '--pid', '--fork', '--mount-proc', 'true'),
    remedy: 'run it as root, where process namespaces may be made',
  },
} as const

export type Need = keyof typeof NEEDS

/** Why something cannot be run here; undefined when all is there. */
export function lacking(needs: readonly Need[] = []): string | undefined {
  const missing = needs.find((need) => !NEEDS[need].isThere())
  return missing && `${missing} is missing (${NEEDS[missing].remedy})`
}
