import { type FakeTvdb, startFakeTvdb } from '@stellarr/gateways/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, call, codeOf, type Deployment, openDeployment, signIn, TMDB_KEY } from './deployment.ts'

const isAws = process.env.STELLARR_DEPLOYMENT === 'lambda'

let app: Deployment
let tvdb: FakeTvdb
let admin: string
beforeAll(async () => {
  tvdb = await startFakeTvdb()
  app = await openDeployment({ TMDB_API_KEY: '', TVDB_API_KEY: tvdb.apiKey, TVDB_BASE_URL: tvdb.url })
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(async () => {
  await app.close()
  await tvdb.close()
})

const list = () => call(app.url, '/api/admin/title-keys', { token: admin })
const set = (service: string, key: unknown, token = admin) =>
  call(app.url, `/api/admin/title-keys/${service}`, { method: 'PUT', token, json: { key } })
const remove = (service: string) =>
  call(app.url, `/api/admin/title-keys/${service}`, { method: 'DELETE', token: admin })
const catalogue = async () => (await call(app.url, '/api/auth/params')).body.catalogue
const tmdbKey = async () => (await list()).body.keys[0]

describe('the keys of titles', () => {
  it('are the admin’s to see, by where they come from alone', async () => {
    expect((await call(app.url, '/api/admin/title-keys', { token: await signIn(app.url) })).status).toBe(403)
    const { body, text } = await list()
    expect(body).toEqual({
      keys: [
        { service: 'tmdb', source: 'none', state: null, setting: 'TMDB_API_KEY' },
        { service: 'tvdb', source: 'environment', state: isAws ? null : 'works', setting: 'TVDB_API_KEY' },
      ],
      set_by: isAws ? 'command' : 'app',
    })
    expect(text).not.toContain(tvdb.apiKey)
  })

  it('are not set where another place comes first, and it is named', async () => {
    const code = isAws ? 'set_by_command' : 'set_in_environment'
    for (const answer of [await set('tvdb', 'another-key'), await remove('tvdb')]) {
      expect(codeOf(answer)).toEqual([409, code, undefined])
      expect(answer.body.detail).toContain('TVDB_API_KEY')
    }
    if (isAws) expect((await set('tmdb', TMDB_KEY)).body.detail).toContain('npm run deploy:aws -- rotate tmdb')
    expect(codeOf(await set('imdb', TMDB_KEY))).toEqual([422, 'invalid', 'service'])
  })
})

// On AWS the deploy command sets them.
if (!isAws) {
  describe('the keys of titles that are set in the app', () => {
    it('are not kept where the service refuses them or does not answer, nor in a wrong form', async () => {
      for (const key of [`“${TMDB_KEY}”`, `Bearer ${TMDB_KEY}`, `api_key=${TMDB_KEY}`, '', 7]) {
        const answer = await set('tmdb', key)
        expect(codeOf(answer)).toEqual([422, 'invalid', 'key'])
        expect(answer.text).not.toContain(TMDB_KEY)
      }
      app.tmdb.mode('401')
      expect(codeOf(await set('tmdb', TMDB_KEY))).toEqual([422, 'tmdb_key_refused', 'key'])
      app.tmdb.mode('down')
      expect(codeOf(await set('tmdb', TMDB_KEY))).toEqual([503, 'tmdb_unreachable', undefined])
      app.tmdb.mode('ok')
      expect([(await tmdbKey()).source, await catalogue()]).toEqual(['none', 'sample'])
    })

    it('open all titles at once, over a restart too, and are never told', async () => {
      const kept = await set('tmdb', ` ${TMDB_KEY} `)
      expect(kept.body.keys[0]).toEqual({ service: 'tmdb', source: 'app', state: 'works', setting: 'TMDB_API_KEY' })
      expect(kept.text).not.toContain(TMDB_KEY)
      const isTmdb = async () => {
        const found = await call(app.url, '/api/search', {
          token: admin,
          json: { query: 'A Movie Without Another Id' },
        })
        expect(found.body.results[0]).toMatchObject({ id: 900_001 })
        expect(await catalogue()).toBe('tmdb')
      }
      await isTmdb()
      expect(app.tmdb.lastKey.query).toBe(TMDB_KEY)
      await expect.poll(async () => (await call(app.url, '/trending-all-en.json')).text).toContain('Metropolis')
      await app.restart()
      await isTmdb()
      expect(await tmdbKey()).toMatchObject({ source: 'app', state: 'works' })
    })

    it('that are refused later are said to be, wherever a title is looked up', async () => {
      await app.restart()
      app.tmdb.mode('401')
      expect((await tmdbKey()).state).toBe('refused')
      const search = await call(app.url, '/api/search', { token: admin, json: { query: 'anything' } })
      expect(codeOf(search)).toEqual([503, 'catalog_key_refused', undefined])
      app.tmdb.mode('ok')
    })

    it('give way to the environment, and are forgotten at the admin’s word', async () => {
      await app.restart({ TMDB_API_KEY: 'f'.repeat(32) })
      expect((await tmdbKey()).source).toBe('environment')
      expect(codeOf(await remove('tmdb'))).toEqual([409, 'set_in_environment', undefined])
      await app.restart({ TMDB_API_KEY: '' })
      expect((await remove('tmdb')).body.keys[0]).toMatchObject({ source: 'none', state: null })
      expect(await catalogue()).toBe('sample')
      expect((await remove('tmdb')).status).toBe(200)
    })
  })
}
