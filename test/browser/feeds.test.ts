import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  ADMIN,
  askFor,
  FEED,
  id,
  inSetting,
  RADARR,
  readAs,
  SETTINGS,
  SONARR,
  until,
  useBrowser,
  waitForToast,
} from './browse-app.ts'

const PROGRAM = { Radarr: '/radarr/api/v3/movie', Sonarr: '/sonarr/api/v3/series' }

describe.each(SETTINGS)('feeds on a %s in %s', (view, language) => {
  const session = useBrowser({ tmdb: true })

  const { open, says } = inSetting(session, view, language)
  /** Shows a client's set-up where there is room for one only. */
  const choose = async (page: Page, client: 'radarr' | 'sonarr') => {
    if (view === 'phone') await page.check(id(`client-${client}`), { force: true })
  }

  it('lead whoever has no Sonarr to its set-up', async () => {
    const { page, problems, close } = await open('/feeds')
    await page.waitForSelector(id('no-reader'))
    expect(await page.locator(id('no-reader')).count()).toBe(2)
    await page.locator(id('no-reader'), { hasText: 'Sonarr' }).getByRole('link').click()
    await page.waitForURL(/\/feeds#sonarr$/)
    await until(page, "document.activeElement.id === 'sonarr'")
    expect(await page.textContent(id('feed-sonarr_program'))).toContain('Sync Season Monitoring')
    expect(await page.isVisible(id('feed-radarr_program'))).toBe(view === 'desktop')
    expect(problems).toEqual([])
    await close()
  })

  it('say of a waiting request that nobody reads, that it was read, and that it was not', async () => {
    const { page, token, close } = await open('/')
    const shows = (key: string, values: Record<string, unknown>) =>
      page.locator(id('delivery'), { hasText: says(key, values) }).waitFor()
    await askFor(session.app, token, { tmdb_id: 603, media_type: 'movie' })
    await page.goto(`${session.app.url}/title/movie/603`)
    await shows('delivery.nobody', { app: 'Radarr' })
    await page.locator(id('delivery')).getByRole('link').click()
    await page.waitForURL(/\/feeds#radarr$/)
    expect(await readAs(session.app, RADARR, PROGRAM.Radarr)).toBe(200)
    await page.goto(`${session.app.url}/requests`)
    await shows('delivery.short.read', { app: 'Radarr', when: says('ago.now') })
    await askFor(session.app, token, { tmdb_id: 27205, media_type: 'movie' })
    await page.goto(`${session.app.url}/title/movie/27205`)
    await shows('delivery.not_yet', { app: 'Radarr', when: says('ago.now') })
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv', seasons: [1], future_seasons: false })
    await page.goto(`${session.app.url}/title/tv/1396`)
    await shows('delivery.nobody', { app: 'Sonarr' })
    await close()
  })

  it('say who has looked', async () => {
    expect(await readAs(session.app, SONARR, PROGRAM.Sonarr)).toBe(200)
    const { page, close } = await open('/feeds')
    const reader = (app: string) => page.locator(id('reader'), { hasText: app })
    await reader('Radarr 6.1').waitFor()
    await reader('Sonarr 4.0').getByText(says('feeds.readers.program')).waitFor()
    expect(await page.locator(id('no-reader')).count()).toBe(0)
    await close()
  })

  it('let the admin forget one that was no client', async () => {
    expect(await readAs(session.app, 'curl/8.0', '/list/sonarr')).toBe(200)
    const { page, close } = await open('/feeds', { password: ADMIN })
    const other = page.locator(id('reader'), { hasText: says('feeds.readers.other') })
    expect(await page.locator(id('reader'), { hasText: 'Sonarr' }).locator(id('forget-reader')).count()).toBe(0)
    await other.locator(id('forget-reader')).click()
    await waitForToast(page, says('feeds.readers.forgotten'))
    await other.waitFor({ state: 'detached' })
    await close()
  })

  it('give each list type its steps and, to the admin, its address and key to copy', async () => {
    const { page, context, problems, close } = await open('/feeds', { password: ADMIN })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.waitForSelector(id('feed-url'))
    for (const [client, path] of Object.entries(PROGRAM)) {
      const name = client === 'Radarr' ? 'radarr' : 'sonarr'
      await choose(page, name)
      const guide = page.locator(id(`feed-${name}_program`))
      const address = await guide.locator(id('feed-url')).inputValue()
      expect(address).toBe(`${session.app.url}/${name}`)
      expect(await guide.locator(id('feed-key')).inputValue()).toBe(FEED)
      expect(await readAs(session.app, 'Mozilla/5.0', path)).toBe(200)
      await guide.locator(id('copy-button')).nth(1).click()
      await guide.getByText(says('copied')).first().waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(FEED)
    }
    for (const [key, field] of Object.entries({
      radarr_tmdb: 'Custom Lists',
      radarr: 'StevenLu Custom',
      rss_movies: 'Plex Watchlist RSS',
      sonarr: 'Custom List',
      rss_tv: 'Plex Watchlist RSS',
    })) {
      await choose(page, key === 'sonarr' || key === 'rss_tv' ? 'sonarr' : 'radarr')
      const guide = page.locator(id(`feed-${key}`))
      expect(await guide.locator(id('copy-button')).first().isVisible()).toBe(false)
      await guide.locator('summary').click()
      expect(await guide.textContent()).toContain(field)
      for (const input of await guide.locator(id('feed-url')).all()) {
        const address = await input.inputValue()
        expect(address).toContain(`token=${FEED}`)
        expect((await fetch(address)).status, address).toBe(200)
      }
      await guide.locator(id('copy-button')).first().click()
      expect(await page.evaluate('navigator.clipboard.readText()')).toContain(session.app.url)
    }
    expect(problems).toEqual([])
    await close()
  })

  it('never show token or key to the household', async () => {
    const { page, close } = await open('/feeds')
    await page.waitForSelector(id('admin-gate'))
    expect(await page.locator(`${id('feed-url')}, ${id('feed-key')}, ${id('reader-keys')}`).count()).toBe(0)
    expect(await page.content()).not.toContain(FEED)
    await close()
  })

  it('show what a list would carry and what not, and why', async () => {
    const { page, token, close } = await open('/feeds')
    await askFor(session.app, token, { tmdb_id: 900001, media_type: 'movie' })
    await choose(page, 'radarr')
    await page.locator(id('feed-radarr')).locator('summary').click()
    await page.click(id('test-radarr'))
    await page.locator(id('preview-takes'), { hasText: 'The Matrix' }).waitFor()
    const left = page.locator(id('preview-leaves'), { hasText: 'Without Another Id' })
    await left.getByText(says('feeds.preview.reasons.no_imdb_id')).waitFor()
    await page.keyboard.press('Escape')
    await choose(page, 'sonarr')
    await page.click(id('test-sonarr_program'))
    const [one] = says('requests.someSeasons', { numbers: '1' }).split(' | ')
    await page.locator(id('preview-takes'), { hasText: 'Breaking Bad' }).getByText(String(one)).waitFor()
    await page.keyboard.press('Escape')
    await page.route('**/api/feeds/preview*', (route) =>
      route.fulfill({ status: 503, json: { detail: 'no', code: 'store_other' } }),
    )
    await page.click(id('test-sonarr_program'))
    await page.getByText(says('problem.closed.heading')).waitFor()
    await close()
  })

  it('give a reader a key of its own, another one, and none any more', async () => {
    const { page, problems, close } = await open('/feeds', { password: ADMIN })
    const read = (key: string) => readAs(session.app, RADARR, PROGRAM.Radarr, key)
    const takeKey = async () => {
      await page.waitForSelector(`${id('new-key-sheet')}[open]`)
      const key = await page.inputValue(id('new-key'))
      await page.getByRole('button', { name: says('keys.taken') }).click()
      await page.waitForSelector(id('new-key'), { state: 'detached' })
      return key
    }
    await page.fill(id('key-name'), 'Kids')
    await page.click(id('make-key'))
    const first = await takeKey()
    const row = page.locator(id('reader-key'), { hasText: 'Kids' })
    await row.waitFor()
    expect(await page.content()).not.toContain(first)
    expect(await read(first)).toBe(200)
    await row.locator(id('replace-key')).click()
    const second = await takeKey()
    expect(second).not.toBe(first)
    expect([await read(first), await read(second)]).toEqual([200, 200])
    await row.locator(id('end-old-key')).click()
    await row.locator(id('replace-key')).waitFor()
    expect([await read(first), await read(second)]).toEqual([401, 200])
    await row.locator(id('remove-key')).click()
    await page.getByText(says('keys.cutOff')).waitFor()
    await page.click(id('remove-key-confirm'))
    await row.waitFor({ state: 'detached' })
    expect(await read(second)).toBe(401)
    expect(problems).toEqual([])
    await close()
  })
})
