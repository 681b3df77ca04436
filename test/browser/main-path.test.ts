import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { readAsSonarrCustom, readAsStevenLu } from '../clients/index.ts'
import {
  ADMIN,
  card,
  FEED,
  feed,
  fillSignIn,
  id,
  inSetting,
  openTab,
  SELF_HOSTED,
  SETTINGS,
  storeBy,
  text,
  useBrowser,
  waitForToast,
} from './browse-app.ts'

const session = useBrowser()

async function find(page: Page, query: string, type: 'movie' | 'tv', tmdbId: number): Promise<void> {
  await page.click(id('nav-search'))
  await page.fill(id('search-input'), query)
  await page.click(card(type, tmdbId))
}

describe('the main path', () => {
  it('goes from sign-in to a movie and a series that Radarr and Sonarr would take', async () => {
    const { page, problems, close } = await openTab(session.browser, 'phone', 'en')
    await page.goto(session.app.url)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('title-card'))
    expect(await page.isVisible(id('sample-banner'))).toBe(true)
    await find(page, 'metropolis', 'movie', 19)
    await storeBy(page, id('request-button'))
    await waitForToast(page, text('en', 'toast.asked.movie', { title: 'Metropolis' }))
    await find(page, 'dallas', 'tv', 40)
    await page.click(id('request-button'))
    await page.check(id('season-mode-pick'))
    await page.check(id('season-1'))
    await storeBy(page, id('request-confirm'))
    await waitForToast(page, text('en', 'toast.asked.tv', { title: 'Dallas' }))
    expect(await page.textContent(id('season-row-1'))).toContain(text('en', 'season.requested'))

    expect(readAsStevenLu(await feed(session.app, '/list/radarr'))).toEqual([
      { title: 'Metropolis (1927)', imdbId: 'tt0017136' },
    ])
    expect(readAsSonarrCustom(await feed(session.app, '/list/sonarr'))).toMatchObject([{ tvdbId: 77092, tmdbId: 40 }])

    await page.click(id('nav-requests'))
    await page.waitForSelector(id('request-row'))
    expect(await page.locator(id('request-row')).count()).toBe(2)
    await page.click(id('nav-feeds'))
    await page.waitForSelector(id('admin-gate'))
    expect(await page.content()).not.toContain(FEED)
    await page.fill(id('admin-password'), ADMIN)
    await page.click(id('admin-submit'))
    await page.waitForSelector(id('feed-url'))
    expect(await page.inputValue(`${id('feed-url')} >> nth=0`)).toBe(`${session.app.url}/radarr`)
    expect(await page.inputValue(`${id('feed-key')} >> nth=0`)).toBe(FEED)
    expect(problems).toEqual([])
    await close()
  })

  const overPlainHttp = SELF_HOSTED ? SETTINGS : []
  it.each(overPlainHttp)('works over plain http on a home network, on a %s in %s', async (view, language) => {
    const { page, problems, close } = await inSetting(session, view, language).openWindow()
    const url = session.app.url.replace('localhost', 'nas')
    await page.goto(url)
    await page.waitForSelector(id('plain-note'))
    await fillSignIn(page, 'Bob')
    await page.waitForSelector(id('title-card'), { timeout: 60_000 })
    expect(await page.evaluate('[crypto.subtle, navigator.clipboard, navigator.serviceWorker]')).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    await find(page, 'inception', 'movie', 27205)
    await page.click(id('request-button'))
    await page.click(`${id('toast')} ${id('undo')}`)
    await waitForToast(page, text(language, 'toast.takenBack', { title: 'Inception' }))
    await page.click(id('nav-feeds'))
    await page.fill(id('admin-password'), ADMIN)
    await page.click(id('admin-submit'))
    // No clipboard here: the older way of copying must do.
    await page.click(`${id('copy-button')} >> nth=0`, { timeout: 60_000 })
    await page.locator(id('copy-button'), { hasText: text(language, 'copied') }).waitFor()
    await page.goto(`${url}/nothing-here`)
    await page.getByRole('heading', { name: text(language, 'notFound.heading') }).waitFor()
    expect(problems).toEqual([])
    await close()
  })
})

describe.runIf(SELF_HOSTED)('a plain address beside one with https', () => {
  const secure = useBrowser({ baseUrl: 'https://stellarr.example.org', isAsked: true })

  it('is no blank page, and says where to go', async () => {
    const { page, close } = await inSetting(secure, 'phone', 'en').openWindow()
    await page.goto(secure.app.url.replace('localhost', 'nas'))
    await fillSignIn(page, 'Bob')
    await page.getByText('in BASE_URL').waitFor()
    await close()
  })
})
