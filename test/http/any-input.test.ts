import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, SYNC_TOKEN, signIn } from './deployment.ts'

let app: Deployment
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(() => app.close())

/** Values that are right, nearly right, or nothing of the kind, under the names that the API knows. */
const value = fc.oneof(
  fc.constantFrom<unknown>('movie', 'tv', 'all', 603, 1396, 27205, 0, -1, 2 ** 31, 1.5, null, true, '', 'sync', 'x'),
  fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 4 }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const names = [
  'query',
  'page',
  'media_type',
  'tmdb_id',
  'seasons',
  'future_seasons',
  'quality_profile_id',
  'origin',
  'timestamp',
  'hash',
  'name',
  'source',
  'pages',
  'confirm',
  'tvdb_id',
  'quality_profiles',
  'default_quality_profile_id',
  'keep_arrived_days',
  'tags_hidden',
  'replaces',
  '__proto__',
  'constructor',
] as const
const fields = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 })
const body = fc.oneof(fields, fc.array(fields, { maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }))
const part = fc.oneof(
  fc.constantFrom('movie', 'tv', '603', '1396', '0', '4294967296', '..', '%2e%2e', '%00'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(encodeURIComponent),
)
const query = fc.dictionary(
  fc.constantFrom('media_type', 'clear', 'confirm', 'by', 'token', 'page', 'profile', 'feed', 'old', 'apikey'),
  fc.string({ maxLength: 6 }),
  { maxKeys: 3 },
)

// The helper checks each answer against its schema, for secrets, and each feed with its clients.
it('answers any input with what it documents, never 5xx', async () => {
  const route = fc.constantFrom(...ROUTES)
  await fc.assert(
    fc.asyncProperty(route, body, part, part, query, async (one, json, first, second, asked) => {
      const parts = [first, second]
      const path = one.path.replace(/\{\w+\}/g, () => parts.shift() ?? 'x')
      const sends = one.method === 'post' || one.method === 'put' || one.method === 'patch'
      const answer = await call(app.url, `${path}?${new URLSearchParams(asked)}`, {
        method: one.method.toUpperCase(),
        headers: { 'x-api-key': one.access === 'feed key' ? FEED_TOKEN : SYNC_TOKEN },
        ...(one.path.startsWith('/api') ? { token: admin } : {}),
        ...(sends ? { json } : {}),
      })
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: 1500 },
  )
  expect((await call(app.url, '/api/health')).status).toBe(200)
  expect(app.log()).not.toMatch(/"level":(50|"ERROR")/)
}, 120_000)
