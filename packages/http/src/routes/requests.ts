import { MAX_FOLLOWERS, type MediaType, qualityProfiles, type RequestOutcome } from '@stellarr/core'
import { toRequestRow } from '../answers.ts'
import { HttpError } from '../http-error.ts'
import { flag, parseTitleKey } from '../parse.ts'
import { route } from '../route.ts'
import { qualityProfilesAnswer, requestAnswer, requestBody, withdrawAnswer } from '../wire/index.ts'

const LAST_ROW =
  'This is the last row of a list that Radarr or Sonarr reads. An emptied list can make its Clean Library step remove movies: the admin can take it out.'

/** What removing one request may do, with how many rows of which client. */
const REMOVAL: Record<MediaType, string> = {
  movie:
    'This takes 1 movie out of Radarr’s lists for good. A Radarr with Clean Library on may then remove it with its files. Repeat with confirm=true to do it.',
  tv: 'This takes 1 series out of Sonarr’s lists for good. A Sonarr with Clean Library on may then stop monitoring it. Repeat with confirm=true to do it.',
}

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

/** "Notify me", or no longer. */
const follow = (follows: boolean) =>
  route({
    method: follows ? 'post' : 'delete',
    path: '/api/request/{type}/{id}/follow',
    summary: follows ? 'Tells whoever asks about the title too.' : 'Tells them no longer.',
    access: 'session',
    params: parseTitleKey,
    answer: requestAnswer,
    errors: follows ? [401, 404, 409, 422, 503] : [401, 404, 422, 503],
    async handle({ params, session }, { useCases }) {
      const outcome = await useCases.followRequest(params, session, follows)
      switch (outcome.kind) {
        case 'not_found':
          throw new HttpError(404, 'not_found', 'There is no such request.')
        case 'too_many':
          throw new HttpError(
            409,
            'too_many_followers',
            `${MAX_FOLLOWERS} people are told about this title already: more is not possible.`,
          )
        case 'followed':
        case 'unfollowed': {
          const message = follows ? 'You will be told too.' : 'You will not be told any more.'
          return { success: true, message, request: toRequestRow(outcome.request) }
        }
      }
    },
  })

/** Asking for titles, following, and taking back. */
export const requestRoutes = [
  route({
    method: 'post',
    path: '/api/request',
    summary: 'Asks for a title or more of its seasons.',
    access: 'session',
    body: requestBody,
    answer: requestAnswer,
    errors: [401, 404, 415, 422, 502, 503],
    async handle({ body, session }, { useCases }) {
      const outcome = await useCases.requestTitle({
        key: { mediaType: body.media_type, tmdbId: body.tmdb_id },
        seasons: body.seasons,
        futureSeasons: body.future_seasons,
        qualityProfileId: body.quality_profile_id,
        by: session,
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
        default:
          return {
            success: outcome.kind !== 'exists',
            message: messageOf(outcome),
            request: toRequestRow(outcome.request),
          }
      }
    },
  }),
  route({
    method: 'delete',
    path: '/api/request/{type}/{id}',
    summary: 'Withdraws a request.',
    access: 'session',
    params: parseTitleKey,
    answer: withdrawAnswer,
    errors: [401, 403, 404, 409, 422, 503],
    async handle({ params, session }, { useCases }) {
      const outcome = await useCases.withdrawRequest(params, session)
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
        case 'withdrawn':
          return {
            success: true as const,
            message: outcome.stillListed
              ? 'Hidden. It has arrived, so it stays in the lists: leaving them could make a client remove it.'
              : 'Withdrawn: it has left the lists.',
            still_listed: outcome.stillListed,
          }
      }
    },
  }),
  follow(true),
  follow(false),
  route({
    method: 'get',
    path: '/api/quality-profiles',
    summary: 'The quality profiles that a request can be given.',
    access: 'session',
    answer: qualityProfilesAnswer,
    errors: [401, 503],
    async handle(_call, { useCases }) {
      const settings = await useCases.feedSettings()
      return {
        quality_profiles: qualityProfiles(settings).map(({ id, name }) => ({ id, name })),
        default_quality_profile_id: settings.defaultProfileId,
      }
    },
  }),
  route({
    method: 'delete',
    path: '/api/admin/request/{type}/{id}',
    summary: 'Removes a request for good.',
    access: 'admin',
    params: parseTitleKey,
    query: { confirm: flag },
    errors: [401, 403, 404, 409, 422, 503],
    async handle({ params, query }, { useCases }) {
      if (query.confirm !== true) {
        throw new HttpError(409, 'needs_confirmation', REMOVAL[params.mediaType], { field: 'confirm' })
      }
      if (!(await useCases.removeRequest(params))) throw new HttpError(404, 'not_found', 'There is no such request.')
      return { success: true, message: 'Removed.' }
    },
  }),
]
