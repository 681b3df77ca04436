import type { RequestOutcome, UseCases } from '@stellarr/core'
import { type Request, type Response, Router } from 'express'
import { sessionOf } from '../access.ts'
import { toRequestRow } from '../answers.ts'
import { HttpError } from '../http-error.ts'
import { parse, parseMediaType, parseTitleKey, queryText } from '../parse.ts'
import type { RevisionCache } from '../revision-cache.ts'
import { type RequestAnswer, requestBody, type WithdrawAnswer } from '../wire/index.ts'

const LAST_ROW =
  'This is the last row of a list that Radarr or Sonarr reads. An emptied list can make its Clean Library step remove movies: the admin can take it out.'

function messageOf(outcome: Extract<RequestOutcome, { request: unknown }>): string {
  switch (outcome.kind) {
    case 'added':
      return 'Requested.'
    case 'merged':
      return 'The seasons were added to the request.'
    case 'renewed':
      return 'Requested again.'
    case 'exists':
      return 'Somebody has asked for this already.'
  }
}

/** Asking, listing and withdrawing; behind a session. */
export function requestRoutes(useCases: UseCases, cache: RevisionCache): Router {
  const router = Router()

  router.post('/api/request', async (req, res) => {
    const body = parse(requestBody, req.body)
    const outcome = await useCases.requestTitle({
      key: { mediaType: body.media_type, tmdbId: body.tmdb_id },
      seasons: body.seasons,
      futureSeasons: body.future_seasons,
      qualityProfileId: body.quality_profile_id,
      by: sessionOf(req),
    })
    switch (outcome.kind) {
      case 'unknown_title':
        throw new HttpError(404, 'unknown_title', 'The catalogue has no such title.', { field: 'tmdb_id' })
      case 'unknown_profile':
        throw new HttpError(422, 'unknown_profile', 'quality_profile_id: expected the id of a quality profile.', {
          field: 'quality_profile_id',
        })
      case 'seasons_on_movie':
        throw new HttpError(422, 'invalid', 'seasons: expected for series only.', { field: 'seasons' })
      case 'unknown_season':
        throw new HttpError(422, 'unknown_season', `seasons: the series has no season ${outcome.seasonNumber}.`, {
          field: 'seasons',
        })
      default: {
        const answer: RequestAnswer = {
          success: outcome.kind !== 'exists',
          message: messageOf(outcome),
          request: toRequestRow(outcome.request),
        }
        res.json(answer)
      }
    }
  })

  router.get('/api/requests', async (req, res) => {
    const given = queryText(req, 'media_type')
    const type = given === undefined ? undefined : parseMediaType(given)
    const revision = await useCases.currentRevision()
    await cache.sendJson(req, res, `requests ${type ?? 'all'}`, String(revision), async () => ({
      requests: (await useCases.listRequests(type)).map(toRequestRow),
    }))
  })

  /** "Tell me too", or no longer. */
  const follow = (follows: boolean) => async (req: Request, res: Response) => {
    const request = await useCases.followRequest(parseTitleKey(req), sessionOf(req), follows)
    if (!request) throw new HttpError(404, 'not_found', 'There is no such request.')
    const message = follows ? 'You will be told too.' : 'You will not be told any more.'
    const answer: RequestAnswer = { success: true, message, request: toRequestRow(request) }
    res.json(answer)
  }
  router.post('/api/request/:type/:id/follow', follow(true))
  router.delete('/api/request/:type/:id/follow', follow(false))

  router.delete('/api/request/:type/:id', async (req, res) => {
    const outcome = await useCases.withdrawRequest(parseTitleKey(req), sessionOf(req))
    switch (outcome.kind) {
      case 'not_found':
        throw new HttpError(404, 'not_found', 'There is no such request.')
      case 'not_yours':
        throw new HttpError(
          403,
          'not_yours',
          `${outcome.requestedBy} asked for this; only they or the admin can withdraw it.`,
        )
      case 'last_row':
        throw new HttpError(409, 'last_row', LAST_ROW)
      case 'withdrawn': {
        const answer: WithdrawAnswer = {
          success: true,
          message: outcome.stillListed
            ? 'Hidden. It has arrived, so it stays in the feeds: leaving them could make a client remove it.'
            : 'Withdrawn: it has left the feeds.',
          still_listed: outcome.stillListed,
        }
        res.json(answer)
      }
    }
  })

  return router
}
