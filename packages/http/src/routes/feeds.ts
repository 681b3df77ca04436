import {
  addressText,
  askersOf,
  type FeedPreview,
  type FeedSettings,
  type MediaRequest,
  profileOf,
  requesterTags,
  type Session,
  seasonRows,
  type UseCases,
} from '@stellarr/core'
import { publicBase } from '../access.ts'
import { feedEntries, toReader } from '../feed-help.ts'
import { profileIn } from '../feed-sender.ts'
import { oneText, parse, readElsewhere } from '../parse.ts'
import { route } from '../route.ts'
import {
  type FeedPreviewAnswer,
  type FeedReadersAnswer,
  feedName,
  feedPreviewAnswer,
  feedReadersAnswer,
  feedsAnswer,
} from '../wire/index.ts'

/** Titles of a preview that are named; all are counted. */
const MOST_SHOWN = 500

const namedFeed = (given: unknown, name: string) => parse(feedName, oneText(given, name), name)

async function readersFor(
  session: Session,
  useCases: UseCases,
  settings: FeedSettings,
): Promise<FeedReadersAnswer['readers']> {
  const [readers, keys] = await Promise.all([
    useCases.feedReaders(),
    session.role === 'admin' ? useCases.listReaderKeys() : undefined,
  ])
  const keyNames = keys && new Map(keys.map(({ id, name }) => [id, name]))
  return readers.map((reader) => toReader(reader, settings, keyNames))
}

/** The lists as people see them: addresses, who reads them, what a client would take. */
export const feedRoutes = [
  route({
    method: 'get',
    path: '/api/feeds',
    summary: 'Feed addresses (with their token for the admin) and set-up steps.',
    access: 'session',
    answer: feedsAnswer,
    errors: [401, 503],
    async handle({ req, session }, { useCases, options }) {
      const withToken = session.role === 'admin'
      const settings = await useCases.feedSettings()
      const [closed, readers] = await Promise.all([
        useCases.closedBecause(settings),
        readersFor(session, useCases, settings),
      ])
      return {
        token_required: true as const,
        with_token: withToken,
        closed: closed ?? null,
        feeds: feedEntries(publicBase(req, options.baseUrls), withToken ? options.tokens.feed[0] : undefined),
        readers,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/feeds/readers',
    summary: 'Who reads the feeds.',
    access: 'session',
    answer: feedReadersAnswer,
    errors: [401, 503],
    handle: async ({ session }, { useCases }) => ({
      readers: await readersFor(session, useCases, await useCases.feedSettings()),
    }),
  }),
  route({
    method: 'get',
    path: '/api/feeds/preview',
    summary: 'What a client would take from a list, and what not.',
    access: 'session',
    query: {
      feed: namedFeed,
      profile: readElsewhere,
    },
    answer: feedPreviewAnswer,
    errors: [401, 404, 422, 503],
    async send({ req, res, query: { feed }, session }, { useCases, cache }) {
      const version = await useCases.feedVersion()
      const address = { feed, profileId: profileIn(req, version.settings) }
      const name = `preview ${addressText(address)} of ${session.role}`
      await cache.sendJson<FeedPreviewAnswer>(req, res, name, version.text, async () =>
        toPreview(feed, await useCases.previewFeed(address, version), version.settings, session.role === 'admin'),
      )
    },
  }),
]

/** What was withdrawn after it had arrived stays listed, hidden from all but the admin. */
function toPreview(
  feed: FeedPreviewAnswer['feed'],
  { takes, leaves }: FeedPreview,
  settings: FeedSettings,
  showHidden: boolean,
): FeedPreviewAnswer {
  const labels = new Map(requesterTags(settings).map((tag) => [tag.name, tag.label]))
  const isShown = (requests: readonly MediaRequest[]) =>
    showHidden || requests.some((request) => request.withdrawnAt === undefined)
  const title = ({ mediaType, tmdbId, title, year }: MediaRequest) => ({
    media_type: mediaType,
    tmdb_id: tmdbId,
    title,
    year: year ?? null,
  })
  const seasons = (requests: readonly MediaRequest[]) => {
    const rows = seasonRows(requests)
    const numbers = (monitored: boolean) =>
      rows.filter((row) => row.monitored === monitored).map((row) => row.seasonNumber)
    return { monitored: numbers(true), unmonitored: numbers(false) }
  }
  const taken = takes.filter(({ all }) => isShown(all))
  const left = leaves.filter(({ request }) => isShown([request]))
  return {
    feed,
    counts: { takes: taken.length, leaves: left.length },
    takes: taken.slice(0, MOST_SHOWN).map(({ request, all, tvdbId }) => ({
      ...title(request),
      tvdb_id: tvdbId ?? null,
      quality_profile: profileOf(settings, request.qualityProfileId)?.name ?? '',
      tags: [...new Set(all.flatMap(askersOf))].flatMap((name) => labels.get(name) ?? []),
      seasons: feed === 'sonarr-program' ? seasons(all) : null,
      status: request.status,
    })),
    leaves: left.slice(0, MOST_SHOWN).map(({ request, reason }) => ({ ...title(request), reason })),
  }
}
