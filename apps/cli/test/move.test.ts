import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noTable } from '../src/open-store.ts'
import { aFolder, bodyOf, cli, failure, furnish, linesIn, openFile, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)
const sqlite = (name: string) => `sqlite:${at(name)}`

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
  await withFile(at('full.db'), (store) => furnish(store))
  await cli(['export', at('full.jsonl'), '--store', sqlite('full.db')])
})
afterAll(() => engine.stop())

describe('an export', () => {
  it('holds everything but what belongs to one store, and is for its owner’s eyes', async () => {
    const file = at('again.jsonl.gz')
    const { out, err } = await cli(['export', file, '--store', sqlite('full.db')])
    expect(out).toContain(`Exported 2 requests, 1,300 library rows, 1 device, 1 known title id, 2 settings to ${file}.`)
    expect(out).toMatch(/\nActivity and push messages that still wait stay behind\.\n$/)
    expect(err).toBe('')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(bodyOf(file)).toEqual(bodyOf(at('full.jsonl')))
    expect(statSync(at('full.jsonl')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(linesIn(file)[0] ?? '')).toMatchObject({
      kind: 'header',
      format: 'stellarr-house',
      version: 1,
      store: { kind: 'sqlite', revision: expect.any(Number) },
    })
    expect(linesIn(file).at(-1)).toContain('"library":1300')
    expect(linesIn(file).join()).not.toContain('store-is-older')
    expect(await failure(['export', file, '--store', sqlite('full.db')])).toBe(
      `${file} is there already: name another file, or remove it.`,
    )
  })

  it('goes to standard output alone', async () => {
    const { out, err } = await cli(['export', '-', '--store', sqlite('full.db')])
    expect(out.trimEnd().split('\n').slice(1, -1)).toEqual(bodyOf(at('full.jsonl')))
    expect(err).toMatch(/^Exported 2 requests/)
    const copy = at('from-input.db')
    expect((await cli(['import', '-', '--store', `sqlite:${copy}`], { input: out })).out).toContain('read back')
    expect(await failure(['import', '-', '--store', `sqlite:${at('x.db')}`], { input: out.slice(0, -9) })).toBe(
      'standard input, line 1313: this is no JSON, or was cut off.',
    )
  })

  it('comes in as it is or compressed, whatever its name', async () => {
    const plain = readFileSync(at('full.jsonl'))
    const packed = gzipSync(plain)
    writeFileSync(at('named-packed.jsonl.gz'), plain)
    writeFileSync(at('packed.jsonl'), packed)
    for (const [name, input] of Object.entries({ '-': packed, 'named-packed.jsonl.gz': '', 'packed.jsonl': '' })) {
      const file = name === '-' ? name : at(name)
      const { out } = await cli(['import', file, '--store', sqlite(`of-${name}.db`)], { input })
      expect(out).toContain('All 1,306 rows were read back')
    }
    const cut = { input: packed.subarray(0, -9) }
    expect(await failure(['import', '-', '--store', sqlite('never.db')], cut)).toBe(
      'standard input is damaged or was cut off: it cannot be unpacked (Z_BUF_ERROR).',
    )
  })
})

describe('moving', () => {
  it('from SQLite to DynamoDB and back comes to the same', async () => {
    const table = await engine.freshTable()
    const env = { DYNAMODB_ENDPOINT: engine.endpoint, AWS_REGION: engine.region, DYNAMODB_TABLE: table }
    const { out, err } = await cli(['import', at('full.jsonl')], { env })
    expect(err).toContain('full.jsonl is whole: 2 requests')
    expect(out).toContain('All 1,306 rows were read back from the store:')
    expect(out).toMatch(/SHA-256 of these rows, in the file and in the store: [\da-f]{64}\n/)
    expect(out).toContain(`The lists of dynamodb:${table} may be read again.`)
    await cli(['export', at('dynamo.jsonl'), '--store', `dynamodb:${table}`], { env })
    expect(bodyOf(at('dynamo.jsonl'))).toEqual(bodyOf(at('full.jsonl')))
    await cli(['import', at('dynamo.jsonl'), '--store', sqlite('back.db')])
    // What it filled is meant: no word of the admin is needed to open its lists.
    const there = await engine.openStorage(fixedClock(), { table })
    expect(await there.identity.isNew()).toBe(false)
    await there.close()
    expect(await withFile(at('back.db'), ({ identity }) => identity.isNew())).toBe(false)
    await cli(['export', at('back.jsonl'), '--store', sqlite('back.db')])
    expect(bodyOf(at('back.jsonl'))).toEqual(bodyOf(at('full.jsonl')))
    expect(await cli(['import', at('full.jsonl')], { env })).toMatchObject({
      out: 'This very file was imported before; nothing was changed. --merge brings back what has gone since.\n',
    })
    expect(await failure(['import', at('dynamo.jsonl')], { env })).toMatch(
      /^The store holds requests or a library already/,
    )
  })

  it('into a store that is not empty keeps what is there, when it is asked to', async () => {
    const path = at('merged.db')
    await withFile(path, async (store) => {
      await store.requests.add(aMovieRequest({ requestedBy: 'Here' }))
      await store.requests.add(aMovieRequest({ tmdbId: 9, requestedBy: 'Here' }))
      await store.settings.set('vapid', 'of its own')
    })
    const args = ['import', at('full.jsonl'), '--store', `sqlite:${path}`]
    expect(await failure(args)).toMatch(/^The store holds requests/)
    expect(await failure([...args, '--dry-run'])).toMatch(/^The store holds requests/)
    const plan = await cli([...args, '--merge', '--dry-run'])
    expect(plan.out).toContain('  2 requests: 1 there with other contents, which stay, 1 brought in\n')
    const { out, err } = await cli([...args, '--merge'])
    expect(out).toContain('  2 requests: 1 as in the file, 1 kept as they were there\n')
    expect(out).toContain('  1 device: 1 left out\n')
    expect(err).toContain('Devices are left out')
    await withFile(path, async (store) => {
      const requests = (await store.requests.exportAll()).rows
      expect(requests.map((one) => [one.tmdbId, one.requestedBy])).toEqual([
        [9, 'Here'],
        [603, 'Here'],
        [1396, 'Ann'],
      ])
      expect(await store.settings.get('vapid')).toBe('of its own')
      expect(JSON.parse((await store.settings.get('feeds')) ?? '')).toMatchObject({ read: ['radarr'] })
    })
  })

  it('can be tried without writing anything', async () => {
    const { out } = await cli(['import', at('full.jsonl'), '--store', sqlite('untouched.db'), '--dry-run'])
    expect(out).toContain('Nothing was written.')
    expect(out).toContain('  1,300 library rows: 1,300 brought in\n')
    expect(() => statSync(at('untouched.db'))).toThrow(/ENOENT/)
  })

  it('closes the feeds of a store where not all has arrived, and says what is wrong', async () => {
    const path = at('disturbed.db')
    const store = await openFile(path)
    const broken = at('odd.jsonl')
    // A row twice, with other contents: the second cannot be in the store.
    const lines = linesIn(at('full.jsonl'))
    const doubled = lines.flatMap((line) =>
      line.includes('"requestedBy":"Ann"') && line.includes('"tmdbId":603')
        ? [line, line.replace('"requestedBy":"Ann"', '"requestedBy":"Bob"')]
        : [line],
    )
    writeFileSync(broken, sealed(doubled))
    expect(await failure(['import', broken, '--store', `sqlite:${path}`])).toMatch(
      /^1 of 1,307 rows are not in the store as they are in the file \(request movie\/603\)/,
    )
    expect(JSON.parse((await store.settings.get('feeds')) ?? '')).toHaveProperty('importing')
    await store.close()
    expect(await failure(['export', at('half.jsonl'), '--store', `sqlite:${path}`])).toBe(
      'An import into this store has begun and not ended: it is not whole.',
    )
    expect(await failure(['import', at('full.jsonl'), '--store', `sqlite:${path}`])).toMatch(/^Another import/)
    expect((await cli(['import', broken, '--merge', '--store', `sqlite:${path}`])).out).toContain('may be read again')
  })
})

/** Lines with the count and checksum that they then have. */
function sealed(lines: readonly string[]): string {
  const body = `${lines.slice(0, -1).join('\n')}\n`
  const counts = { setting: 0, guid: 0, subscription: 0, library: 0, request: 0 }
  for (const line of lines.slice(1, -1)) {
    const { kind }: { kind: string } = JSON.parse(line)
    if (kind in counts) counts[kind as keyof typeof counts] += 1
  }
  return `${body}${JSON.stringify({ kind: 'end', counts, sha256: createHash('sha256').update(body).digest('hex') })}\n`
}

describe('a file that is not as it was written', () => {
  const whole = () => linesIn(at('full.jsonl'))
  const edited = (change: (lines: string[]) => string[]) => sealed(change(whole()))

  it.each<[what: string, text: () => string, said: RegExp]>([
    ['empty', () => '', /^FILE is empty\.$/],
    ['cut off at a line', () => whole().slice(0, 40).join('\n'), /^FILE was cut off: its last line is missing\.$/],
    [
      'cut off in a line',
      () => whole().join('\n').slice(0, 3_000),
      /^FILE, line \d+: this is no JSON, or was cut off\.$/,
    ],
    [
      'changed',
      () => readFileSync(at('full.jsonl'), 'utf8').replace('"T 7"', '"T 8"'),
      /^FILE, line \d+: the checksum is another/,
    ],
    ['longer', () => `${readFileSync(at('full.jsonl'), 'utf8')}\n`, /^FILE, line \d+: this is no JSON/],
    [
      'of another count',
      () =>
        whole()
          .map((line) => line.replace('"library":1300', '"library":1301'))
          .join('\n'),
      /says it holds 2 requests, 1,301 library rows, .* and holds 2 requests, 1,300/,
    ],
    [
      'of a later version',
      () => edited(([first = '', ...rest]) => [first.replace('"version":1', '"version":2'), ...rest]),
      /^FILE, line 1: the file is of version 2, and this program reads version 1\.$/,
    ],
    [
      'of an unknown kind',
      () => edited((lines) => lines.toSpliced(2, 0, '{"kind":"poster","row":{}}')),
      /^FILE, line 3: there are no lines of kind "poster"\.$/,
    ],
    ['without a header', () => edited((lines) => lines.slice(1)), /^FILE, line 1: a header was expected/],
    [
      'with two headers',
      () => edited((lines) => [lines[0] ?? '', ...lines]),
      /^FILE, line 2: there is a second header\.$/,
    ],
    [
      'in another order',
      () => edited((lines) => lines.toSpliced(-1, 0, lines[1] ?? '')),
      /^FILE, line \d+: a setting comes too late\.$/,
    ],
    [
      'of a row with a bad id',
      () => edited((lines) => lines.map((line) => line.replace('"tmdbId":603', '"tmdbId":0'))),
      /^FILE, line \d+: row\.tmdbId: /,
    ],
    [
      'of a row with a field too many',
      () => edited((lines) => lines.map((line) => line.replace('"tmdbId":603', '"extra":1,"tmdbId":603'))),
      /^FILE, line \d+: row\.extra: /,
    ],
    [
      'of another store’s own setting',
      () => edited((lines) => lines.toSpliced(2, 0, '{"kind":"setting","row":{"name":"import-progress","value":""}}')),
      /belongs to one store alone/,
    ],
    [
      'of routing that cannot be read',
      () => edited((lines) => lines.toSpliced(2, 0, '{"kind":"setting","row":{"name":"feeds","value":"{}"}}')),
      /the routing of the feeds cannot be read/,
    ],
    ['another program’s', () => 'PK\u0003\u0004 some archive', /^FILE, line 1: this is no JSON/],
  ])('is refused before anything is written: %s', async (_, text, said) => {
    const path = at('bad.jsonl')
    writeFileSync(path, text())
    const message = await failure(['import', path, '--store', sqlite('never.db')])
    expect(message.replace(path, 'FILE')).toMatch(said)
    expect(message).not.toContain('\n')
    expect(() => statSync(at('never.db'))).toThrow(/ENOENT/)
  })

  it('is refused when it cannot be unpacked or is not there', async () => {
    writeFileSync(at('bad.jsonl.gz'), gzipSync(readFileSync(at('full.jsonl'))).subarray(0, -100))
    expect(await failure(['import', at('bad.jsonl.gz'), '--store', sqlite('never.db')])).toMatch(
      /bad\.jsonl\.gz is damaged or was cut off: it cannot be unpacked/,
    )
    expect(await failure(['import', at('none.jsonl'), '--store', sqlite('never.db')])).toMatch(
      /^There is no file .*none\.jsonl\.$/,
    )
  })
})

describe('a store', () => {
  it('must be there to be exported', async () => {
    expect(await failure(['export', at('y.jsonl')], { env: { DATA_DIR: at('nowhere') } })).toBe(
      `There is no store at ${at('nowhere')}/stellarr.db: name it by --store.`,
    )
    const env = { DYNAMODB_ENDPOINT: engine.endpoint, AWS_REGION: engine.region }
    const missing = `There is no table no-such-table at ${engine.endpoint}: check its name; "npm run dynamodb:create" makes a new one.`
    for (const args of [
      ['export', at('y.jsonl'), '--store', 'dynamodb:no-such-table'],
      ['import', at('full.jsonl'), '--store', 'dynamodb:no-such-table'],
      ['import', '--predecessor', 'dynamodb:no-such-table', '--store', sqlite('never.db')],
    ]) {
      expect(await failure(args, { env })).toBe(missing)
    }
    expect(noTable({ table: 'abc', region: 'eu-west-1' }).message).toMatch(
      /^There is no table abc in eu-west-1: check its name and the region \(AWS_REGION, /,
    )
    expect(
      await failure(['export', at('y.jsonl'), '--store', 'dynamodb:abc'], { env: { DYNAMODB_ENDPOINT: 'local' } }),
    ).toMatch(/^DYNAMODB_ENDPOINT: expected an address/)
  })

  it('whose clock is another is moved all the same', async () => {
    const table = await engine.freshTable()
    const store = await engine.openStorage(fixedClock(), { table })
    await store.requests.add(aMovieRequest())
    await store.close()
    const env = { DYNAMODB_ENDPOINT: engine.endpoint, AWS_REGION: engine.region }
    expect((await cli(['export', at('clock.jsonl'), '--store', `dynamodb:${table}`], { env })).out).toMatch(
      /^Exported 1 request,/,
    )
  })
})
