import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JELLYFIN_TEMPLATE, readJellyfinEvent, readWebhookBody, SENDERS } from '../src/senders/index.ts'
import { readTemplateBody, withoutHtml } from '../src/senders/jellyfin-text.ts'
import { eventOf } from './sender-samples.ts'

/** What the plugin makes of a template: a backslash before quotes, and nothing else. */
const filledIn = (template: string, values: Record<string, string>) =>
  template.replace(/\{\{\{(\w+)\}\}\}/g, (_whole, name: string) => (values[name] ?? '').replaceAll('"', '\\"'))

/** The same for two braces, which write HTML; `legacy` as older versions do, each half of a character by itself. */
const asHtml = (text: string, legacy = false) =>
  [...text.replaceAll('"', '\\"').replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)]
    .flatMap((one) => (legacy ? one.split('') : [one]))
    .map((one) => (legacy && one.charCodeAt(0) > 159 ? `&#${one.charCodeAt(0)};` : one))
    .join('')

/** A body as Jellyfin's address takes it. */
async function received(body: string) {
  const req = Object.assign(new IncomingMessage(new Socket()), { body })
  req.headers['content-type'] = 'text/plain; charset=utf-8'
  const read = await readWebhookBody(req, SENDERS.jellyfin.limits)
  return read.kind === 'json' ? readJellyfinEvent(read.value) : read
}

const movie = { NotificationType: 'ItemAdded', ItemType: 'Movie', Year: '1931', Provider_tmdb: '832' }
/** The title that is read of a movie of that name, by our template. */
async function titleOf(name: string) {
  const read = await received(filledIn(JELLYFIN_TEMPLATE, { ...movie, Name: name }))
  return read.kind === 'event' ? read.event : read
}

describe('a title by our template', () => {
  it.each([
    ['a backslash', 'Face\\Off', 'Face\\Off'],
    ['a backslash at its end', 'The End\\', 'The End\\'],
    ['a backslash before a quote', 'A \\" B \\x', 'A \\" B \\x'],
    ['a line end', 'Two\nLines', 'Two Lines'],
    ['a return', 'Return\r', 'Return'],
    ['a tab', 'Tab\tTitle', 'Tab Title'],
    ['quotes', 'The "Q"', 'The "Q"'],
    ['what looks like a field', 'A\n", "Year": "1999', 'A ", "Year": "1999'],
    ['what looks like an end', 'A\n"}', 'A "}'],
    ['what looks like HTML', 'Fast &amp; Loud', 'Fast &amp; Loud'],
  ])('may hold %s', async (_what, name, title) => {
    expect(await titleOf(name)).toMatchObject({ ids: { tmdbId: 832 }, title, year: 1931 })
  })

  it('may be any, and is told as it is unless a backslash of it means something in JSON', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('\\', '"', '\n', '\r', '\t', '\u2028', '",', '"Year": "', '}', '&', '&amp;', '\\u00', 'é'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const name = pieces.join('')
        const event = await titleOf(name)
        expect(event).toMatchObject({ ids: { tmdbId: 832 }, year: 1931 })
        const simple = readJellyfinEvent({ ...JSON.parse(filledIn(JELLYFIN_TEMPLATE, movie)), Name: name })
        if (!name.includes('\\')) expect(event).toEqual(eventOf(simple))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is read of a template with numbers and fewer fields, too', async () => {
    const read = await received('{"NotificationType":"ItemAdded","ItemType":"Movie", "Name":"A\\B\nC" ,"Year": 1931 }')
    expect(read).toMatchObject({ event: { title: 'A\\B C', year: 1931 } })
  })
})

describe('a body that is no JSON', () => {
  it.each([
    ['', 'nothing'],
    ['{', 'an opening alone'],
    ['[{"a":"\n"}]', 'a list'],
    ['{"a":"\n"', 'what is cut off'],
    ['{"a":{"b":"\n"}}', 'an object within'],
    ['{"a":"\n" x}', 'more than a text'],
    ['x {"a":"\n"}', 'something before it'],
    ['{"a":"}', 'half a text'],
  ])('%j is refused as before', async (body) => {
    expect(await received(body)).toMatchObject({ kind: 'invalid', code: 'broken' })
  })

  it('never throws, and is no business of what is JSON', async () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readTemplateBody(text)))
    fc.assert(fc.property(fc.string(), (text) => void readTemplateBody(`{"a":"${text}"}`)))
    for (const valid of ['{"NotificationType":"Test","Name":"A\\nB"}', ' {"NotificationType":"Test"}\n']) {
      expect(await received(valid)).toEqual({ kind: 'test' })
    }
  })

  it('of any other sender is refused as before', async () => {
    const req = Object.assign(new IncomingMessage(new Socket()), { body: '{"Event":"x\n"}' })
    expect(await readWebhookBody(req, SENDERS.emby.limits)).toMatchObject({ code: 'broken' })
  })

  it('takes no longer for being built to', () => {
    const began = Date.now()
    for (const part of ['{', ',', '{"a":', ',"a":', ', ', '"', '\\', ' ']) readTemplateBody(`{${part.repeat(200_000)}}`)
    expect(Date.now() - began).toBeLessThan(2_000)
  })
})

describe('a title by a template with two braces', () => {
  const episode = (SeriesName: string) => ({
    NotificationType: 'ItemAdded',
    ItemType: 'Episode',
    SeriesName,
    SeriesPremiereDate: '2015-01-01',
    SeasonNumber: '1',
    EpisodeNumber: '1',
  })

  it.each([
    ['Fast &amp; Loud', 'Fast & Loud'],
    ['Grey&#39;s Ward', "Grey's Ward"],
    ['Grey&#x27;s Ward', "Grey's Ward"],
    ['Am&#233;lie &LT;3', 'Amélie <3'],
    ['&#55357;&#56832;', '😀'],
    ['&#128512;', '😀'],
    ['&amp;amp;', '&amp;'],
    ['Tom & Jerry &amp; co', 'Tom & Jerry &amp; co'],
    ['&nbsp; &#x110000; x', '&nbsp; &#x110000; x'],
    ['plain', 'plain'],
  ])('%s is %s', (written, title) => {
    expect(eventOf(readJellyfinEvent(episode(written)))).toMatchObject({ title, year: 2015 })
  })

  it('is the title, whatever it is', async () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (name, legacy) => {
        expect(withoutHtml(asHtml(name, legacy))).toBe(name.replaceAll('"', '\\"'))
      }),
    )
    const body = `{"NotificationType": "ItemAdded", "ItemType": "Movie", "Name": "${asHtml('The "É" & Co')}"}`
    expect(await received(body)).toMatchObject({ event: { title: 'The "É" & Co' } })
  })
})
