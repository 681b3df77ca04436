import {
  type FeedName,
  folderOnWire,
  type MediaType,
  qualityProfiles,
  requesterTags,
  rootFoldersOf,
  type UseCases,
} from '@stellarr/core'
import { orUnavailable } from '../feed-sender.ts'
import { readElsewhere } from '../parse.ts'
import { route } from '../route.ts'

/** The titles of a program list. */
const titles = (path: string, feed: FeedName, summary: string) =>
  route({
    method: 'get',
    path,
    summary,
    access: 'feed key',
    feed,
    query: { profile: readElsewhere, apikey: readElsewhere },
    errors: [400, 401, 404, 405, 422, 429, 503],
    send: ({ req, res }, { sendFeed }) => sendFeed(req, res, feed),
  })

/** What a client's settings page offers to filter by; it is as closed as the feeds are. */
const menu = (feed: FeedName, path: string, summary: string, rows: (useCases: UseCases) => Promise<object[]>) =>
  route({
    method: 'get',
    path,
    summary,
    access: 'feed key',
    feed,
    query: { apikey: readElsewhere },
    errors: [400, 401, 405, 503],
    send: ({ req, res }, { useCases, options }) =>
      orUnavailable(options, req.path, async () => {
        await useCases.feedVersion()
        res.json(await rows(useCases))
      }),
  })

const menus = (feed: FeedName, base: string, type: MediaType) => [
  menu(feed, `${base}/qualityprofile`, 'Quality profiles to filter by.', async (useCases) =>
    qualityProfiles(await useCases.feedSettings()).map(({ id, name }) => ({ id, name })),
  ),
  menu(feed, `${base}/tag`, 'Requesters to filter by.', async (useCases) => {
    const { settings } = await useCases.viewFeedSettings()
    return requesterTags(settings).map(({ id, label }) => ({ id, label }))
  }),
  menu(feed, `${base}/rootfolder`, 'Root folders to filter by.', async (useCases) => {
    const { settings, requests } = await useCases.viewFeedSettings()
    const used = new Set(requests.flatMap((one) => (one.mediaType === type ? one.rootFolderId : [])))
    return rootFoldersOf(settings, type, used).map(({ id, path }) => ({ id, path: folderOnWire(path) }))
  }),
]

/**
 * What another Radarr or Sonarr reads of its like ("program list"): the titles, and what its settings page offers to
 * filter them by. Read-only; bare arrays, never a redirect, never 304: these clients take neither.
 */
export const programListRoutes = [
  titles('/radarr/api/v3/movie', 'radarr-program', 'Movies for another Radarr (program list).'),
  ...menus('radarr-program', '/radarr/api/v3', 'movie'),
  titles('/sonarr/api/v3/series', 'sonarr-program', 'Series for another Sonarr (program list), with every season.'),
  ...menus('sonarr-program', '/sonarr/api/v3', 'tv'),
  // Sonarr asks for them and takes none for "any".
  menu('sonarr-program', '/sonarr/api/v3/languageprofile', 'None: every language will do.', async () => []),
]
