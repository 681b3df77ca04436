import type { DeletionQuestion } from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { route } from '../route.ts'
import { deletionAnswer, deletionBody, type NoticesAnswer } from '../wire/index.ts'

const APPS = { radarr: 'Radarr', sonarr: 'Sonarr' } as const
const titlesOf = (app: keyof typeof APPS, count: number) =>
  app === 'sonarr' ? 'series' : count === 1 ? 'movie' : 'movies'

/** So many of the titles are named; all are counted. */
const MOST_NAMED = 500

/** What the admin is asked about deletions, as a notice. */
export function deletionNotice({ app, requests, of }: DeletionQuestion): NoticesAnswer['notices'][number] {
  const count = requests.length
  const detail = `${APPS[app]} reported ${count} of ${of} ${titlesOf(app, of)} deleted within an hour. A missing disk? Nothing was removed from your lists. Until you answer, ${APPS[app]} may fetch them again.`
  const titles = requests
    .slice(0, MOST_NAMED)
    .map(({ title, year }) => (year === undefined ? title : `${title} (${year})`))
  return { code: 'many_deletions', detail, deletions: { app, count, of, titles } }
}

/** The admin's answer when a client has deleted more than a person does. */
export const deletionRoutes = [
  route({
    method: 'post',
    path: '/api/admin/deletions',
    summary: 'Answers what becomes of titles that a Radarr or Sonarr deleted in great number.',
    access: 'admin',
    body: deletionBody,
    answer: deletionAnswer,
    errors: [400, 401, 403, 404, 409, 415, 422, 503],
    async handle({ body: { app, answer, count } }, { useCases }) {
      const outcome = await useCases.answerDeletions(app, answer, count)
      switch (outcome.kind) {
        case 'nothing_asked':
          throw new HttpError(404, 'not_found', `Nothing is asked about ${APPS[app]}’s deletions.`)
        case 'other_count':
          throw new HttpError(
            409,
            'needs_confirmation',
            `This takes ${outcome.count} ${titlesOf(app, outcome.count)} out of ${APPS[app]}’s lists for good. A ${APPS[app]} with Clean Library on may then remove what it still has of them, with files. Repeat with count: ${outcome.count} to do it.`,
            { field: 'count' },
          )
        case 'done':
          return {
            success: true as const,
            message: answer === 'keep' ? 'Requested again.' : 'Removed from the lists.',
            left: outcome.left,
            stayed: outcome.stayed,
          }
      }
    },
  }),
]
