import { describe, expect, it } from 'vitest'
import { readOptions, secretsOf } from '../src/options.ts'

const ENV = { STELLARR_URL: 'http://nas:8080/', SYNC_TOKEN: 's', PLEX_URL: 'http://nas:32400', PLEX_TOKEN: 'p' }

describe('options', () => {
  it('come from the environment, the command line first', () => {
    expect(readOptions([], ENV)).toEqual({
      servers: [{ source: 'plex', access: { url: 'http://nas:32400', token: 'p' } }],
      stellarr: { url: 'http://nas:8080', token: 's' },
      libraries: undefined,
      watchMinutes: undefined,
      confirm: false,
      timeoutMs: 60_000,
    })
    const args = ['--stellarr=https://s.example/base/', '--token', 't', '--plex', 'http://plex', '--confirm', '--watch']
    expect(readOptions([...args, '--libraries', 'A, B', '--libraries=C', '--timeout', '1.5'], ENV)).toMatchObject({
      servers: [{ access: { url: 'http://plex' } }],
      stellarr: { url: 'https://s.example/base', token: 't' },
      libraries: ['A', 'B', 'C'],
      watchMinutes: 60,
      confirm: true,
      timeoutMs: 1_500,
    })
    expect(readOptions(['--watch', '5'], ENV).watchMinutes).toBe(5)
    expect(readOptions(['--watch=0.5', '--confirm'], ENV).watchMinutes).toBe(0.5)
  })

  it('name several servers, and none to send to in a dry run', () => {
    const env = { PLEX_URL: '', JELLYFIN_URL: 'http://j/jellyfin', JELLYFIN_API_KEY: 'j', EMBY_API_KEY: ' e ' }
    const options = readOptions(['--dry-run', '--emby', 'http://e'], { ...env, STELLARR_URL: 'http://s' })
    expect(options.servers).toEqual([
      { source: 'jellyfin', access: { url: 'http://j/jellyfin', token: 'j' } },
      { source: 'emby', access: { url: 'http://e', token: 'e' } },
    ])
    expect(options.stellarr).toBeUndefined()
  })

  it.each([
    [[], { PLEX_URL: '' }, /--plex, --jellyfin or --emby/],
    [[], { PLEX_TOKEN: ' ' }, /^PLEX_TOKEN is missing/],
    [['--jellyfin', 'http://j'], {}, /^JELLYFIN_API_KEY is missing/],
    [[], { STELLARR_URL: undefined }, /--stellarr/],
    [[], { SYNC_TOKEN: undefined }, /^SYNC_TOKEN is missing/],
    [[], { SYNC_TOKEN: 'two\nlines' }, /^SYNC_TOKEN holds characters/],
    [['--plex', 'nas:32400'], {}, /^--plex \(PLEX_URL\): expected an address/],
    [['--stellarr', 'ftp://nas'], {}, /^--stellarr/],
    [['--plex', 'http://me:pass@nas'], {}, /^--plex .*without password/],
    [['--plex', 'http://nas/?X-Plex-Token=secret'], {}, /^--plex .*without password, \? or #\.$/],
    [['--watch', 'soon'], {}, /^--watch: expected minutes/],
    [['--watch', '0'], {}, /^--watch/],
    [['--timeout', '301'], {}, /^--timeout: expected seconds/],
    [['--libraries', ' , '], {}, /^--libraries/],
    [['--plex'], {}, /^--plex needs a value/],
    [['--plex', '--confirm'], {}, /^--plex needs a value/],
    [['--confirm=yes'], {}, /^--confirm takes no value/],
    [['--tokn', 'secret'], {}, /^There is no option --tokn\. See --help\.$/],
    [['secret'], {}, /^Argument 1 is no option\. See --help\.$/],
  ])('%j with %j is told in one line', (args: string[], env, message) => {
    expect(() => readOptions(args, { ...ENV, ...env })).toThrow(message)
    expect(() => readOptions(args, { ...ENV, ...env })).toThrow(expect.objectContaining({ exit: 2 }))
  })

  it('know their secrets, wherever they stand', () => {
    expect(secretsOf(['--token', 'a', '--token=b'], { SYNC_TOKEN: 'c', EMBY_API_KEY: 'd', PATH: 'e' })).toEqual([
      'c',
      'd',
      'a',
      'b',
    ])
  })
})
