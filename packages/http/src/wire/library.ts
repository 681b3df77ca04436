import { LIBRARY_SOURCES } from '@stellarr/core/rules'
import * as v from 'valibot'
import { id, mediaType, seasonNumber } from './parts.ts'
import { requestRow } from './requests.ts'

/** The library: what it holds, and the syncs that fill it. */

export const libraryStatusAnswer = v.object({
  library: v.object({ movie: v.array(v.number()), tv: v.array(v.number()) }),
  requests: v.array(requestRow),
})

export const librarySource = v.picklist(LIBRARY_SOURCES)

export const syncBeginBody = v.object({ media_type: mediaType, source: librarySource })

export const syncBeginAnswer = v.object({ sync_id: v.string() })

export const syncItem = v.object({
  tmdb_id: id,
  tvdb_id: v.optional(v.nullable(id)),
  imdb_id: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^tt\d{7,10}$/)))),
  title: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(1_000)))),
  seasons: v.optional(
    v.nullable(
      v.pipe(
        v.array(v.object({ season_number: seasonNumber, episodes: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
        // No series has a tenth of them, and a row of the library must stay small.
        v.maxLength(1_000),
      ),
    ),
  ),
})

export const syncPageAnswer = v.object({
  stored: v.number(),
  skipped: v.array(v.object({ row: v.number(), field: v.string(), expected: v.string() })),
})

export const syncCommitBody = v.object({
  pages: v.pipe(v.number(), v.integer(), v.minValue(0)),
  confirm: v.optional(v.boolean(), false),
})

export const syncCommitAnswer = v.object({
  status: v.literal('success'),
  added: v.number(),
  removed: v.number(),
  unchanged: v.number(),
  marked_as_added: v.number(),
  /** Titles whose requests could not be written; the next sync tries them again. */
  not_marked: v.number(),
})

/** The predecessor's one-POST form. */
export const syncPostAnswer = v.object({
  status: v.literal('success'),
  synced: v.number(),
  marked_as_added: v.number(),
  /** Titles whose requests could not be written; the next sync tries them again. */
  not_marked: v.number(),
  media_type: mediaType,
  skipped: syncPageAnswer.entries.skipped,
})

export type LibraryStatusAnswer = v.InferOutput<typeof libraryStatusAnswer>
