import { mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@stellarr/core'
import { describe, expect, it } from 'vitest'
import { failureLine } from '../src/failure-line.ts'
import { Stop } from '../src/stop.ts'
import { aFolder, openFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** An error of the system as Node throws it. */
const systemError = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: as the system says, write`), { code, ...more })

const fault = (code: string) => new Fault('storage_unavailable', 'The database cannot be reached.', systemError(code))

describe('the line that tells a failure', () => {
  it.each<[code: string, work: () => unknown, said: string]>([
    ['ENOENT', () => openSync(at('no/x.jsonl.part'), 'a'), 'NAME/no/x.jsonl.part: there is no such file or folder'],
    ['ENOTDIR', () => openSync(at('file/x'), 'a'), 'NAME/file/x: a part of this path is no folder'],
    ['EEXIST', () => mkdirSync(at('file'), { recursive: true }), 'NAME/file: something else has this name'],
    ['EISDIR', () => openSync(folder, 'w'), 'NAME: this is a folder'],
    ['ENAMETOOLONG', () => openSync(at('n'.repeat(300)), 'w'), `NAME/${'n'.repeat(300)}: this name is too long`],
    ['ENOENT', () => mkdtempSync(at('no/tmp-')), 'NAME/no/tmp-XXXXXX: there is no such file or folder'],
  ])('names the file and what to do: %s', async (code, work, said) => {
    writeFileSync(at('file'), '')
    const line = failureLine(await thrownBy(work))
    expect(line?.replaceAll(folder, 'NAME')).toMatch(new RegExp(`^${said} \\(${code}\\): .+\\.$`))
  })

  it.each([
    ['EACCES', { path: '/x' }, '/x: this user may not do that there (EACCES): name another place, or give the right.'],
    ['EPERM', { path: '/x' }, '/x: this user may not do that there (EPERM): name another place, or give the right.'],
    [
      'EROFS',
      { path: '/x' },
      '/x: nothing can be written there (EROFS): name another place, or - for standard output.',
    ],
    ['ENOSPC', {}, 'The disk is full (ENOSPC): make room, then run the same command again.'],
    ['EIO', { path: '/x' }, '/x: the system says "EIO: as the system says, write".'],
  ])('is one sentence: %s of %j', (code, more, said) => {
    expect(failureLine(systemError(code, more))).toBe(said)
  })

  it('is none when nobody reads the output any more', () => {
    expect(failureLine(systemError('EPIPE'))).toBe('')
  })

  it('advises to go on where that can help', async () => {
    expect(failureLine(new Stop('what is wrong'))).toBe('what is wrong')
    expect(failureLine(fault('ECONNREFUSED'))).toBe(
      'The database cannot be reached. (ECONNREFUSED: as the system says, write) Then run the same command again: it goes on where it stopped.',
    )
    const rights =
      'SQLite writes beside a database even to read it: let this user write to the file and its folder, or name a copy in a folder of yours.'
    for (const code of ['SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_CANTOPEN', 'SQLITE_PERM']) {
      expect(failureLine(fault(code))).toBe(
        `The database cannot be reached. (${code}: as the system says, write) ${rights}`,
      )
    }
    expect(failureLine(await thrownBy(() => openFile(folder)))).toMatch(
      /^The database cannot be reached\. .+ folder of/,
    )
    expect(failureLine(new Fault('wrong_store', 'Another one.'))).toBe('Another one.')
  })

  it('is missing for what nobody can mend', async () => {
    expect(failureLine(new TypeError('a mistake of ours'))).toBeUndefined()
    expect(failureLine(systemError('ERR_INVALID_STATE'))).toBeUndefined()
    expect(failureLine('text')).toBeUndefined()
  })
})
