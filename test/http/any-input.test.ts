import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { anyBody, anyPart, anyQuery } from '../any-input.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, SYNC_TOKEN, signIn } from './deployment.ts'

let app: Deployment
let admin: string
beforeAll(async () => {
  app = await openDeployment()
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(() => app.close())

// The helper checks each answer against its schema, for secrets, and each feed with its clients.
it('answers any input with what it documents, never 5xx', async () => {
  const route = fc.constantFrom(...ROUTES)
  await fc.assert(
    fc.asyncProperty(route, anyBody, anyPart, anyPart, anyQuery, async (one, json, first, second, asked) => {
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
