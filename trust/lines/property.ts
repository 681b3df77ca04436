import fc from 'fast-check'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { anyBody, anyPart, anyQuery } from '../../test/any-input.ts'
import { ADMIN, call, FEED_TOKEN, SYNC_TOKEN, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openTarget } from '../house.ts'
import type { Line, Run, StoreName } from '../line.ts'
import { ownMemory } from '../process.ts'

/** Calls under way at once. */
const LANES = 8

async function property(store: StoreName, run: Run): Promise<string> {
  const target = await openTarget(store, run)
  const admin = await signIn(target.url, 'Op', ADMIN)
  const before = target.child ? ownMemory(target.child) : 0
  const drawn = fc.record({ body: anyBody, first: anyPart, second: anyPart, asked: anyQuery })
  let seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  const began = seed
  for (const route of ROUTES) {
    seed += 1
    const cases = fc.sample(drawn, { numRuns: run.tries, seed })
    const lane = async () => {
      for (let one = cases.pop(); one; one = cases.pop()) {
        const parts = [one.first, one.second]
        const path = `${route.path.replace(/\{\w+\}/g, () => parts.shift() ?? 'x')}?${new URLSearchParams(one.asked)}`
        const sends = route.method === 'post' || route.method === 'put' || route.method === 'patch'
        const sender = /^\/webhook\/(\w+)/.exec(route.path)?.[1] as keyof typeof WEBHOOK_TOKENS | undefined
        const key = sender ? WEBHOOK_TOKENS[sender] : route.access === 'feed key' ? FEED_TOKEN : SYNC_TOKEN
        await run.tally.attempt(`${route.method} ${path}, seed ${began}`, async () => {
          const answer = await call(target.url, path, {
            method: route.method.toUpperCase(),
            headers: { 'x-api-key': key },
            ...(route.path.startsWith('/api') && { token: admin }),
            ...(sends && { json: one.body }),
          })
          if (answer.status >= 500) throw new Error(`${answer.status} ${answer.text.slice(0, 200)}`)
        })
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    run.say(route.path)
  }
  const health = await call(target.url, '/api/health')
  run.tally.note(health.status === 200, 'it is no longer healthy')
  const memory = target.child ? `, own memory ${before.toFixed(0)} → ${ownMemory(target.child).toFixed(0)} MB` : ''
  await target.close()
  return `${ROUTES.length} operations, seed ${began}${memory}`
}

const TITLE = 'any input at every operation: no 5xx, no secret, no stack'

export const propertyLines: readonly Line[] = (['sqlite', 'dynamodb'] as const).map((store) => ({
  name: 'property',
  title: TITLE,
  store,
  tries: { whole: 1_000, short: 5 },
  run: (run) => property(store, run),
}))
