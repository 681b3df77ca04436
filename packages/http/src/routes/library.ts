import { type CommitOutcome, MAX_PAGE_ITEMS, MAX_POST_ITEMS } from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { readItems } from '../library-items.ts'
import { flag, jsonBody, parseMediaType, readElsewhere } from '../parse.ts'
import { noteNotMarked } from '../refused.ts'
import { route } from '../route.ts'
import {
  syncBeginAnswer,
  syncBeginBody,
  syncCommitAnswer,
  syncCommitBody,
  syncPageAnswer,
  syncPostAnswer,
} from '../wire/index.ts'

/** The body of a sync has room for 20,000 items with titles; nothing else here takes so large a one. */
const reader = jsonBody({ limit: 16 * 1024 * 1024, strict: false, inTurn: true })

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

/** A page's number, behind its sync's id. */
function parsePage({ id, page }: { id: string; page: string }): { id: string; page: number } {
  if (/^\d{1,5}$/.test(page)) return { id, page: Number(page) }
  throw new HttpError(422, 'invalid', 'page: expected a whole number from 0.', { field: 'page' })
}

/** The syncs that say what is in the library. */
export const libraryRoutes = [
  route({
    method: 'post',
    path: '/sync/library',
    summary: 'A library in one body.',
    access: 'sync token',
    // Plex's token too, as the predecessor took it.
    accepts: ['sync', 'plex'],
    query: { media_type: parseMediaType, clear: flag, confirm: flag, token: readElsewhere },
    reader,
    answer: syncPostAnswer,
    errors: [400, 401, 409, 413, 422, 503],
    async handle({ req, query: { media_type, clear = false, confirm = false } }, { useCases }) {
      const { items, skipped } = await readItems(req.body, media_type, MAX_POST_ITEMS)
      const outcome = committed(await useCases.syncLibrary(media_type, items, { clear, confirm }))
      const { marked, notMarked } = outcome
      if (notMarked > 0) noteNotMarked(useCases, req)
      const counts = { synced: items.length, marked_as_added: marked, not_marked: notMarked }
      return { status: 'success' as const, ...counts, media_type, skipped }
    },
  }),
  route({
    method: 'post',
    path: '/sync/library/begin',
    summary: 'Opens a paged sync.',
    access: 'sync token',
    accepts: ['sync'],
    reader,
    body: syncBeginBody,
    answer: syncBeginAnswer,
    errors: [401, 422, 503],
    handle: async ({ body }, { useCases }) => ({ sync_id: await useCases.beginSync(body.source, body.media_type) }),
  }),
  route({
    method: 'put',
    path: '/sync/library/{id}/pages/{page}',
    summary: 'Stores one page of a sync.',
    access: 'sync token',
    accepts: ['sync'],
    params: parsePage,
    reader,
    answer: syncPageAnswer,
    errors: [401, 404, 413, 422, 503],
    async handle({ req, params: { id, page } }, { useCases }) {
      const { mediaType } = await useCases.syncOf(id)
      const { items, skipped } = await readItems(req.body, mediaType, MAX_PAGE_ITEMS)
      await useCases.stagePage(id, page, items)
      return { stored: items.length, skipped }
    },
  }),
  route({
    method: 'post',
    path: '/sync/library/{id}/commit',
    summary: 'Switches to the staged library.',
    access: 'sync token',
    accepts: ['sync'],
    query: { confirm: flag },
    reader,
    body: syncCommitBody,
    answer: syncCommitAnswer,
    errors: [401, 404, 409, 422, 503],
    async handle({ req, params, body: { pages, confirm }, query }, { useCases }) {
      const isConfirmed = confirm || query.confirm === true
      const outcome = committed(await useCases.commitSync(params.id, { pages, confirm: isConfirmed }))
      const { added, removed, unchanged, marked, notMarked } = outcome
      if (notMarked > 0) noteNotMarked(useCases, req)
      const counts = { added, removed, unchanged, marked_as_added: marked, not_marked: notMarked }
      return { status: 'success' as const, ...counts }
    },
  }),
]
