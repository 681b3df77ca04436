import { route } from '../route.ts'
import { activityAnswer, refusedAnswer } from '../wire/index.ts'

/** Messages shown at most. */
const SHOWN = 100

/** What was received and what came of it, and what was refused. */
export const activityRoutes = [
  route({
    method: 'get',
    path: '/api/activity',
    summary: 'The messages received last, and what they did.',
    access: 'session',
    answer: activityAnswer,
    errors: [401, 503],
    async handle(_call, { useCases }) {
      const entries = await useCases.recentActivity(SHOWN)
      return {
        entries: entries.map(({ id, at, source, name, title, detail, outcome, reason, rule, key }) => ({
          id,
          at: new Date(at).toISOString(),
          source,
          name,
          title,
          detail,
          outcome,
          reason: reason ?? null,
          rule: rule ?? null,
          media_type: key?.mediaType ?? null,
          tmdb_id: key?.tmdbId ?? null,
        })),
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/admin/refused',
    summary: 'Programs that were refused within a day, and why.',
    access: 'admin',
    answer: refusedAnswer,
    errors: [401, 403, 503],
    handle: async (_call, { useCases }) => ({
      refused: (await useCases.recentRefusals()).map(({ firstAt, lastAt, ...row }) => ({
        ...row,
        first_at: new Date(firstAt).toISOString(),
        last_at: new Date(lastAt).toISOString(),
      })),
    }),
  }),
]
