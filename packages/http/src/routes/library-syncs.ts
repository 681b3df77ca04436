import {
  type CommitOutcome,
  type LibraryItem,
  MAX_PAGE_ITEMS,
  MAX_POST_ITEMS,
  type MediaType,
  type UseCases,
} from '@stellarr/core'
import { Router } from 'express'
import * as v from 'valibot'
import { requireToken } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { describeIssue, jsonBody, parse, parseMediaType, queryFlag } from '../parse.ts'
import { syncBeginBody, syncCommitBody, syncItem } from '../wire/index.ts'

/** Room for 20,000 items with titles; nothing else here takes so large a body. */
const SYNC_BODY_LIMIT = '16mb'

interface ReadItems {
  items: LibraryItem[]
  skipped: { row: number; field: string; expected: string }[]
}

/** Reads items row by row: an odd one is reported and left out, the rest is stored. */
function readItems(body: unknown, mediaType: MediaType, most: number): ReadItems {
  if (!Array.isArray(body)) throw new HttpError(422, 'invalid', 'The body must be a JSON array of items.')
  if (body.length > most) {
    throw new HttpError(
      413,
      'too_many_items',
      `At most ${most} items in one body. Larger libraries go in pages: POST /sync/library/begin.`,
    )
  }
  const read: ReadItems = { items: [], skipped: [] }
  /** Where each title stands: of doubles the last counts. */
  const places = new Map<number, { row: number; place: number }>()
  body.forEach((row: unknown, index) => {
    const result = v.safeParse(syncItem, row, { abortEarly: true })
    if (!result.success) {
      read.skipped.push({ row: index, ...describeIssue(result.issues[0]) })
      return
    }
    const { tmdb_id, tvdb_id, imdb_id, title, seasons } = result.output
    const item: LibraryItem = { mediaType, tmdbId: tmdb_id }
    if (tvdb_id) item.tvdbId = tvdb_id
    if (imdb_id) item.imdbId = imdb_id
    if (title) item.title = title
    if (seasons && mediaType === 'tv') {
      item.seasons = seasons
        .map((season) => ({ seasonNumber: season.season_number, episodes: season.episodes }))
        .sort((a, b) => a.seasonNumber - b.seasonNumber)
    }
    const before = places.get(tmdb_id)
    if (before)
      read.skipped.push({ row: before.row, field: 'tmdb_id', expected: 'each title once (the last was taken)' })
    places.set(tmdb_id, { row: index, place: before?.place ?? read.items.length })
    if (before) read.items[before.place] = item
    else read.items.push(item)
  })
  read.skipped.sort((a, b) => a.row - b.row)
  return read
}

/** Throws unless the sync was committed. */
function committed(outcome: CommitOutcome): Extract<CommitOutcome, { kind: 'committed' }> {
  switch (outcome.kind) {
    case 'committed':
      return outcome
    case 'pages_missing':
      throw new HttpError(
        409,
        'pages_missing',
        `pages: ${outcome.staged} pages have arrived. Send the missing ones first.`,
        {
          field: 'pages',
        },
      )
    case 'needs_confirmation':
      throw new HttpError(
        409,
        'needs_confirmation',
        `This would shrink the library from ${outcome.current} to ${outcome.staged} titles. Was a disk not mounted? Repeat with confirm=true to do it.`,
        { field: 'confirm' },
      )
  }
}

/** Library syncs; behind the sync token (the one-POST form takes the Plex token too). */
export function librarySyncRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()
  const json = jsonBody({ limit: SYNC_BODY_LIMIT, strict: false })
  const withSync = requireToken(options.tokens.sync, 'SYNC_TOKEN')
  const withSyncOrPlex = requireToken([...options.tokens.sync, ...options.tokens.plex], 'SYNC_TOKEN')

  router.post('/sync/library', withSyncOrPlex, json, async (req, res) => {
    const mediaType = parseMediaType(req.query.media_type)
    const clear = queryFlag(req, 'clear') ?? false
    const confirm = queryFlag(req, 'confirm') ?? false
    const { items, skipped } = readItems(req.body, mediaType, MAX_POST_ITEMS)
    const outcome = committed(await useCases.syncLibrary(mediaType, items, { clear, confirm }))
    res.json({
      status: 'success',
      synced: items.length,
      marked_as_added: outcome.marked,
      media_type: mediaType,
      skipped,
    })
  })

  router.post('/sync/library/begin', withSync, json, async (req, res) => {
    const { source, media_type } = parse(syncBeginBody, req.body)
    res.json({ sync_id: await useCases.beginSync(source, media_type) })
  })

  router.put('/sync/library/:id/pages/:page', withSync, json, async (req, res) => {
    const id = String(req.params.id)
    const page = /^\d{1,5}$/.test(String(req.params.page)) ? Number(req.params.page) : undefined
    if (page === undefined)
      throw new HttpError(422, 'invalid', 'page: expected a whole number from 0.', { field: 'page' })
    const { mediaType } = await useCases.syncOf(id)
    const { items, skipped } = readItems(req.body, mediaType, MAX_PAGE_ITEMS)
    await useCases.stagePage(id, page, items)
    res.json({ stored: items.length, skipped })
  })

  router.post('/sync/library/:id/commit', withSync, json, async (req, res) => {
    const { pages, confirm } = parse(syncCommitBody, req.body)
    const outcome = committed(
      await useCases.commitSync(String(req.params.id), {
        pages,
        confirm: confirm || queryFlag(req, 'confirm') === true,
      }),
    )
    const { added, removed, unchanged, marked } = outcome
    res.json({ status: 'success', added, removed, unchanged, marked_as_added: marked })
  })

  return router
}
