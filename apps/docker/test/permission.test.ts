import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { permissionAdvice, unusable } from '../src/permission.ts'

const own = { user: 10_001, group: 10_001 }

describe('what to do where rights are missing', () => {
  it.each([
    [
      'another user’s',
      'EACCES',
      { own, owner: { user: 1000, group: 100 } },
      'It belongs to user 1000, and Stellarr runs as user 10001: run chown -R 10001:10001 /data (for a container, on the folder that is mounted there), or run Stellarr as that user (in Docker, user: "1000:100").',
    ],
    [
      'root’s, whom nothing should run as',
      'EPERM',
      { own, owner: { user: 0, group: 0 } },
      'It belongs to user 0, and Stellarr runs as user 10001: run chown -R 10001:10001 /data (for a container, on the folder that is mounted there).',
    ],
    [
      'one’s own',
      'EACCES',
      { own, owner: own },
      'It belongs to this user (10001), who may not use it: run chmod -R u+rwX /data (for a container, on the folder that is mounted there).',
    ],
    ['of a disk', 'EROFS', { own, owner: own }, 'It lies on a file system that can only be read.'],
    ['on Windows', 'EPERM', { own: undefined, owner: own }, undefined],
    ['another matter', 'ENOSPC', { own, owner: own }, undefined],
  ])('%s', (_, code, ids, advice) => {
    expect(permissionAdvice('/data', code, ids)).toBe(advice)
  })

  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stellarr-rights-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('goes by who holds what is still to be made', () => {
    const own = process.getuid?.()
    expect(permissionAdvice(join(folder, 'a/b'), 'EACCES')).toContain(`belongs to this user (${own})`)
  })

  it('names the file that cannot be used, and none where all can', () => {
    const [usable, closed] = [join(folder, 'usable'), join(folder, 'closed')]
    for (const path of [usable, closed]) writeFileSync(path, '')
    chmodSync(closed, 0)
    const isRoot = process.getuid?.() === 0
    const found = unusable([join(folder, 'missing'), usable, closed])
    // Root may use everything.
    expect(found).toEqual(
      isRoot ? undefined : { path: closed, advice: expect.stringContaining(`chmod -R u+rwX ${closed}`) },
    )
  })
})
