import { call, FEED_TOKEN, signIn } from '../../test/http/deployment.ts'
import { openTarget } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { must } from '../tally.ts'

/** DynamoDB stands still: whoever calls is told so in time, and nobody is told that there is nothing. */
async function frozen({ tries, tally, aws, ...run }: Run): Promise<string> {
  const ground = await aws()
  const target = await openTarget('dynamodb', { tries, tally, aws, ...run })
  const token = await signIn(target.url)
  const calls = {
    'a list': () => call(target.url, '/list/radarr', { headers: { 'x-api-key': FEED_TOKEN } }),
    'a request': () => call(target.url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: 603 } }),
    'the requests': () => call(target.url, '/api/requests', { token }),
    'a library status': () => call(target.url, '/api/library-status', { token }),
  }
  let slowest = 0
  const kinds = Object.entries(calls)
  for (let round = 0; round < tries; round += 1) {
    const [what, ask] = kinds[round % kinds.length] ?? ['a list', calls['a list']]
    ground.freeze(true)
    await tally.attempt(what, async () => {
      const began = performance.now()
      const { status } = await ask()
      slowest = Math.max(slowest, performance.now() - began)
      must(status === 503, `it answered ${status}`)
    })
    ground.freeze(false)
    await tally.attempt('afterwards', async () =>
      must((await calls['a list']()).status === 200, 'the list stays closed'),
    )
  }
  await target.close()
  return `answered after at most ${(slowest / 1_000).toFixed(1)} s`
}

export const frozenLines: readonly Line[] = [
  {
    name: 'frozen',
    title: 'an engine that stands still',
    store: 'dynamodb',
    tries: { whole: 8, short: 1 },
    run: frozen,
  },
]
