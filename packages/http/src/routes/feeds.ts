import {
  askersOf,
  type FeedPreview,
  type FeedSettings,
  type MediaRequest,
  profileOf,
  qualityProfiles,
  requesterTags,
  seasonRows,
  type UseCases,
} from '@stellarr/core'
import { type Request, Router } from 'express'
import { publicBase, sessionOf } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { feedEntries, toReader } from '../feed-help.ts'
import { profileIn } from '../feed-sender.ts'
import { parse, queryText } from '../parse.ts'
import {
  type FeedPreviewAnswer,
  type FeedReadersAnswer,
  type FeedsAnswer,
  feedName,
  type QualityProfilesAnswer,
} from '../wire/index.ts'

/** Addresses, readers and what a client would take, for people; behind a session. */
export function feedRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  async function readersFor(req: Request): Promise<FeedReadersAnswer['readers']> {
    const isAdmin = sessionOf(req).role === 'admin'
    const [readers, settings, keys] = await Promise.all([
      useCases.feedReaders(),
      useCases.feedSettings(),
      isAdmin ? useCases.listReaderKeys() : undefined,
    ])
    const keyNames = keys && new Map(keys.map(({ id, name }) => [id, name]))
    return readers.map((reader) => toReader(reader, settings, keyNames))
  }

  router.get('/api/feeds', async (req, res) => {
    const withToken = sessionOf(req).role === 'admin'
    const [closed, readers] = await Promise.all([useCases.guard.reason(), readersFor(req)])
    const answer: FeedsAnswer = {
      token_required: true,
      with_token: withToken,
      closed: closed ?? null,
      feeds: feedEntries(publicBase(req, options.baseUrls), withToken ? options.tokens.feed[0] : undefined),
      readers,
    }
    res.json(answer)
  })

  router.get('/api/feeds/readers', async (req, res) => {
    const answer: FeedReadersAnswer = { readers: await readersFor(req) }
    res.json(answer)
  })

  router.get('/api/feeds/preview', async (req, res) => {
    const feed = parse(feedName, queryText(req, 'feed'), 'feed')
    const version = await useCases.feedVersion()
    const preview = await useCases.previewFeed({ feed, profileId: profileIn(req, version.settings) }, version)
    res.json(toPreview(feed, preview, version.settings, sessionOf(req).role === 'admin'))
  })

  router.get('/api/quality-profiles', async (_req, res) => {
    const settings = await useCases.feedSettings()
    const answer: QualityProfilesAnswer = {
      quality_profiles: qualityProfiles(settings).map(({ id, name }) => ({ id, name })),
      default_quality_profile_id: settings.defaultProfileId,
    }
    res.json(answer)
  })

  return router
}

/** What was withdrawn after it had arrived stays listed, hidden from all but the admin. */
function toPreview(
  feed: FeedPreviewAnswer['feed'],
  { takes, leaves }: FeedPreview,
  settings: FeedSettings,
  showHidden: boolean,
): FeedPreviewAnswer {
  const labels = new Map(requesterTags(settings).map((tag) => [tag.name, tag.label]))
  const isShown = ({ request }: { request: MediaRequest }) => showHidden || request.withdrawnAt === undefined
  const title = ({ mediaType, tmdbId, title, year }: MediaRequest) => ({
    media_type: mediaType,
    tmdb_id: tmdbId,
    title,
    year: year ?? null,
  })
  const seasons = (request: MediaRequest) => {
    const rows = seasonRows(request)
    const numbers = (monitored: boolean) =>
      rows.filter((row) => row.monitored === monitored).map((row) => row.seasonNumber)
    return { monitored: numbers(true), unmonitored: numbers(false) }
  }
  return {
    feed,
    takes: takes.filter(isShown).map(({ request, here }) => ({
      ...title(request),
      quality_profile: profileOf(settings, request.qualityProfileId)?.name ?? '',
      tags: askersOf(request).flatMap((name) => labels.get(name) ?? []),
      seasons: feed === 'sonarr-program' ? seasons(request) : null,
      here,
    })),
    leaves: leaves.filter(isShown).map(({ request, reason }) => ({ ...title(request), reason })),
  }
}
