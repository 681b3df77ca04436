import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, type Deployment, FEED_TOKEN, openDeployment, signIn } from './deployment.ts'

describe('the tag of the household’s status', () => {
  let app: Deployment
  let ann: string
  beforeAll(async () => {
    app = await openDeployment()
    ann = await signIn(app.url)
  })
  afterAll(() => app.close())

  const status = (token: string, known?: string) =>
    call(app.url, '/api/library-status', { token, headers: known === undefined ? {} : { 'if-none-match': known } })
  const list = async () => (await call(app.url, '/list/radarr', { headers: { 'x-api-key': FEED_TOKEN } })).status

  it('stands for what it was given with, and closes no list when it is higher and not ours', async () => {
    const tag = (await status(ann)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"r\d+\.[0-9a-z]+\.[\w-]{22}"$/)
    expect(await status(ann, tag)).toMatchObject({ status: 304, text: '' })
    for (const known of [
      tag.replace('"r', '"r9'),
      'W/"r999999"',
      '"r5.x',
      '*',
      'W/"r999999999999999.zzzzzzzz.0123456789012345678901"',
    ]) {
      expect([known, (await status(ann, known)).status, await list()]).toEqual([known, 200, 200])
    }
  })
})
