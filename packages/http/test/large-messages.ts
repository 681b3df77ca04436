import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** Messages of Sonarr as large as it takes, made piece by piece so that whoever reads one holds none of it. */

const HEAD = {
  series: { id: 1, title: 'Dallas (1978)', path: '/tv/Dallas', tvdbId: 77092, imdbId: 'tt0077000', year: 1978 },
  eventType: 'Download',
}

const episode = (n: number) => ({
  id: n,
  episodeNumber: 1 + (n % 500),
  seasonNumber: Math.floor(n / 500),
  title: `Ewing-Gate – ${n}`,
  overview: 'Somebody “shot” J.\\R. '.repeat(5),
  airDate: '1980-03-21',
  seriesId: 1,
  tvdbId: 300_000 + n,
})
const file = (n: number) => ({
  id: n,
  relativePath: `Season 01/Dallas – S01E${n} é.mkv`,
  path: `/tv/Dallas/Season 01/Dallas – S01E${n} é.mkv`,
  quality: 'WEBDL-1080p',
  sceneName: 'Dallas.S01.Complete.'.repeat(3),
  size: 1_234_567_890.5,
  mediaInfo: { audioChannels: 5.1, audioLanguages: ['eng', 'deu'], height: 1080, subtitles: [], videoCodec: 'x264' },
})

/** What most of a message is made of. */
export type Bulk = 'files' | 'episodes'

/**
 * An import's message of at most `bytes` bytes, in pieces of some 64 KB.
 * @returns from the generator: how many episodes it names
 */
export function* importMessage(bulk: Bulk, bytes: number): Generator<Buffer, number> {
  const episodes = bulk === 'files' ? [0, 1, 1].map(episode) : []
  const head = JSON.stringify({
    ...HEAD,
    release: { indexer: 'x' },
    isUpgrade: false,
    ...(bulk === 'files' && { episodes }),
  })
  let text = `${head.slice(0, -1)},"${bulk === 'files' ? 'episodeFiles' : 'episodes'}":[`
  let sent = 0
  let count = 0
  for (; sent + text.length * 1.1 < bytes - 1_000; count += 1) {
    text += `${count === 0 ? '' : ','}${JSON.stringify(bulk === 'files' ? file(count) : episode(count))}`
    if (text.length < 60_000) continue
    const piece = Buffer.from(text)
    sent += piece.length
    text = ''
    yield piece
  }
  yield Buffer.from(`${text}]}`)
  return bulk === 'files' ? 2 : count
}

/** A request with this body: as it comes in, or read already, as a serverless front hands it on. */
export function requestOf(body: Buffer | Iterable<Uint8Array>, type = 'application/json'): IncomingMessage {
  const req = new IncomingMessage(new Socket())
  req.headers['content-type'] = type
  async function* pieces() {
    for (const piece of body as Iterable<Uint8Array>) {
      await new Promise((resolve) => setImmediate(resolve))
      yield piece
    }
  }
  return Object.assign(req, Buffer.isBuffer(body) ? { body } : { iterator: pieces })
}
