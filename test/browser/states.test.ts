import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { askFor, card, id, inSetting, REQUESTS, SELF_HOSTED, SETTINGS, until, useBrowser } from './browse-app.ts'

const SITE = SELF_HOSTED ? '../../apps/docker/dist/web' : '../../apps/web/dist'
const WORKER = join(import.meta.dirname, SITE, 'service-worker.js')

const session = useBrowser({ tmdb: true })

describe.each(SETTINGS)('when things go wrong, on a %s in %s', (view, language) => {
  const { open, signedIn, says } = inSetting(session, view, language)
  const shows = (page: Page, key: string) => page.getByText(says(key)).first().waitFor()

  it('a catalogue that is down is no empty result, and searching goes on once it is back', async () => {
    session.tmdb?.mode('down')
    const { page, close } = await open('/search?q=dallas')
    await shows(page, 'problem.catalogue.heading')
    await page.goto(`${session.app.url}/title/tv/40`)
    await shows(page, 'problem.catalogue.heading')
    await page.goto(`${session.app.url}/search?q=dallas`)
    await shows(page, 'problem.catalogue.text')
    session.tmdb?.mode('ok')
    // The client waits a moment after a failure before it asks TMDB again.
    for (let tries = 0; tries < 40 && !(await page.isVisible(card('tv', 40))); tries += 1) {
      if (await page.isVisible(id('again'))) await page.click(id('again'))
      await page.waitForTimeout(250)
    }
    expect(await page.isVisible(card('tv', 40))).toBe(true)
    await close()
  })

  it('an unknown title and an unknown page say so and lead on', async () => {
    const { page, close } = await open('/title/movie/999999')
    await shows(page, 'problem.unknownTitle.heading')
    await page.getByRole('link', { name: says('title.searchInstead') }).click()
    await page.waitForURL('**/search')
    await page.goto(`${session.app.url}/nothing-here`)
    await page.getByRole('link', { name: says('notFound.back'), exact: true }).click()
    await page.waitForURL(`${session.app.url}/`)
    await close()
  })

  it('a store that cannot be read is no empty list', async () => {
    const { page, go, close } = await signedIn()
    await page.route(REQUESTS, (route) =>
      route.fulfill({ status: 503, json: { detail: 'no', code: 'storage_unavailable' } }),
    )
    await go('/requests')
    await shows(page, 'problem.store.heading')
    await page.unroute(REQUESTS)
    await page.click(id('again'))
    await page.locator(id('error-message')).waitFor({ state: 'detached' })
    await close()
  })

  it('without a network the app opens with what was last seen, and goes on when it is back', async () => {
    const { page, context, token, close } = await open('/', { serviceWorkers: 'allow' })
    await askFor(session.app, token, { tmdb_id: 603, media_type: 'movie' })
    await page.waitForSelector(id('title-card'))
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    await page.reload()
    await page.goto(`${session.app.url}/requests`)
    await page.waitForSelector(id('request-row'))
    await context.setOffline(true)
    await page.goto(`${session.app.url}/requests`)
    await page.locator(id('request-row'), { hasText: 'The Matrix' }).waitFor()
    await page.waitForSelector(id('offline-note'))
    await page.click(id('nav-home'))
    await page.waitForSelector(id('title-card'))
    await page.fill(id('search-input'), 'matrix')
    await page.getByText(says('problem.offline.heading')).waitFor()
    await context.setOffline(false)
    await page.waitForSelector(id('offline-note'), { state: 'detached' })
    await page.click(id('again'))
    await page.waitForSelector(card('movie', 603))
    // Nothing of the API is in any cache of the browser, and nothing at all of the household after sign-out.
    const cached = `caches.keys().then((names) => Promise.all(names.map(async (name) =>
      (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).then((all) => all.flat())`
    const paths = (await page.evaluate(cached)) as string[]
    expect(paths).toContain('/index.html')
    expect(paths.filter((path) => /^\/(api|list|sync|trending)/.test(path))).toEqual([])
    await page.click(id('nav-settings'))
    await page.click(id('sign-out'))
    await page.waitForSelector(id('sign-in-name'))
    expect(await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('seen'))")).toEqual([])
    await close()
  })
})

describe('a new version', () => {
  it('is offered, and used when somebody says so', async () => {
    expect(existsSync(WORKER)).toBe(true)
    const before = readFileSync(WORKER, 'utf8')
    const { page, close } = await inSetting(session, 'phone', 'en').open('/', { serviceWorkers: 'allow' })
    try {
      await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
      await page.reload()
      await until(page, 'navigator.serviceWorker.controller !== null')
      expect(await page.isVisible(id('update-note'))).toBe(false)
      writeFileSync(WORKER, `${before}\n// a newer build`)
      await page.evaluate('navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)')
      await page.waitForSelector(id('update-note'))
      await page.evaluate('globalThis.stillHere = true')
      await page.click(`${id('update-note')} button`)
      await until(page, 'globalThis.stillHere === undefined && document.readyState === "complete"')
      expect(await page.isVisible(id('update-note'))).toBe(false)
    } finally {
      writeFileSync(WORKER, before)
    }
    await close()
  })
})
