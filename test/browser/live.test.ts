import type { Page, Request } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, signIn } from '../http/deployment.ts'
import {
  askFor,
  id,
  inSetting,
  PASSWORD,
  picture,
  RADARR_HOOK,
  SETTINGS,
  SONARR_HOOK,
  text,
  until,
  useBrowser,
  VIEWS,
} from './browse-app.ts'

const LOOK_MS = 20_000
const MINUTE = 60_000
const BREAKING_BAD = { title: 'Breaking Bad', tvdbId: 81189, year: 2008 }

/** A row of the list by the title on it. */
const row = (page: Page, title: string) => page.locator(id('request-row'), { hasText: title })

/** Has the page believe that it is hidden, or seen again. */
const turn = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))`)

/** Waits until the browser has told of what was asked before. */
const settled = (page: Page) => page.evaluate("fetch('/favicon.svg').then((answer) => answer.text())")

describe.each(SETTINGS)('an open page on a %s in %s', (view, language) => {
  const session = useBrowser()
  const { signedIn, says } = inSetting(session, view, language)
  let bob = ''
  beforeAll(async () => {
    bob = await signIn(session.app.url, 'Bob', PASSWORD)
  })

  async function hear(sender: 'sonarr' | 'radarr', json: object) {
    const token = sender === 'sonarr' ? SONARR_HOOK : RADARR_HOOK
    expect((await call(session.app.url, `/webhook/${sender}?token=${token}`, { json })).status).toBe(200)
  }
  const radarr = (eventType: string, tmdbId: number, title: string) =>
    hear('radarr', { eventType, movie: { tmdbId, title, year: 2000 } })

  /** A page whose time is in the test's hand, with what it asks the API. */
  async function openAt(path: string) {
    const tab = await signedIn()
    await tab.page.clock.install()
    const asked: string[] = []
    const underWay = new Set<Request>()
    tab.page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (!pathname.startsWith('/api/')) return
      asked.push(pathname)
      underWay.add(request)
    })
    const ended = (request: Request) => void underWay.delete(request)
    tab.page.on('requestfinished', ended)
    tab.page.on('requestfailed', ended)
    /** Waits until nothing is asked any more: an answer may lead to the next question. */
    async function quiet(): Promise<void> {
      do {
        await expect.poll(() => underWay.size, { timeout: 15_000 }).toBe(0)
        await settled(tab.page)
      } while (underWay.size > 0)
    }
    await tab.go(path)
    return {
      ...tab,
      /** What was asked while so long passed. */
      async askedWithin(ms: number): Promise<string[]> {
        await quiet()
        asked.length = 0
        await tab.page.clock.runFor(ms)
        await settled(tab.page)
        return [...asked]
      },
    }
  }

  it('asks once in 20 seconds, once a minute when nobody has touched it for long, and never while it is hidden', async () => {
    const { page, askedWithin, problems, close } = await openAt('/')
    await page.waitForSelector(id('title-card'))
    expect(await askedWithin(LOOK_MS)).toEqual(['/api/library-status'])
    await page.clock.fastForward(10 * MINUTE)
    expect(await askedWithin(MINUTE)).toEqual(['/api/library-status'])
    await turn(page, 'hidden')
    expect(await askedWithin(30 * MINUTE)).toEqual([])
    const seen = page.waitForResponse((answer) => answer.url().includes('/api/library-status'))
    await turn(page, 'visible')
    expect((await seen).status()).toBe(304)
    await page.keyboard.press('Tab')
    expect(await askedWithin(LOOK_MS)).toEqual(['/api/library-status'])
    expect(problems).toEqual([])
    await close()
  })

  it('marks on home what somebody else has requested, and what has come of it', async () => {
    const { page, problems, close } = await openAt('/')
    const first = page.locator(id('title-card')).first()
    await first.waitFor()
    const [type, tmdbId] = await Promise.all([
      first.getAttribute('data-media-type'),
      first.getAttribute('data-tmdb-id'),
    ])
    await first.focus()
    await page.evaluate(`document.activeElement.marked = true`)
    await askFor(session.app, bob, { tmdb_id: Number(tmdbId), media_type: type })
    await page.clock.runFor(LOOK_MS)
    await first.getByText(says('state.requested')).waitFor()
    expect(await page.evaluate('document.activeElement.marked')).toBe(true)
    expect(await page.textContent(id('news'))).toBe('')
    expect(problems).toEqual([])
    await close()
  })

  it('shows a change of the list where it stands, and lets nothing in under a hand', async () => {
    const { page, token, go, problems, close } = await openAt('/')
    await askFor(session.app, token, { tmdb_id: 19, media_type: 'movie' })
    await askFor(session.app, token, { tmdb_id: 603, media_type: 'movie' })
    await askFor(session.app, token, { tmdb_id: 27205, media_type: 'movie' })
    await go('/requests')
    await page.selectOption(id('request-status'), 'pending')
    const titles = () => page.locator(`${id('request-row')} h2 a`).allTextContents()
    await row(page, 'Inception').waitFor()
    const before = await titles()
    await page.setViewportSize({ ...VIEWS[view], height: 480 })
    await row(page, 'Matrix').locator('h2 a').focus()
    await page.mouse.wheel(0, 120)
    await until(page, 'scrollY > 0')
    const scrolled = await page.evaluate('scrollY')

    await radarr('Grab', 603, 'The Matrix')
    await askFor(session.app, bob, { tmdb_id: 1396, media_type: 'tv', seasons: [1], future_seasons: false })
    await page.clock.runFor(LOOK_MS)
    await row(page, 'Matrix').getByText(says('status.downloading'), { exact: true }).waitFor()
    expect(await titles()).toEqual(before)
    expect(await page.evaluate('scrollY')).toBe(scrolled)
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Matrix')
    const [one] = says('requests.newcomers').split(' | ')
    const button = page.locator(id('show-newcomers'), { hasText: one ?? '' })
    await button.waitFor()
    await picture(page, `${view}-requests-newcomers`)

    await button.click()
    await until(page, "document.activeElement.textContent.includes('Breaking Bad')")
    expect(await titles()).toEqual(['Breaking Bad', ...before])
    expect(await button.count()).toBe(0)
    // Once somebody chooses anew, everything stands where it belongs.
    await page.selectOption(id('request-status'), '')
    await page.selectOption(id('request-status'), 'pending')
    await row(page, 'Matrix').waitFor({ state: 'detached' })
    expect(problems).toEqual([])
    await close()
  })

  it('lets a new request in by itself at the top of the list, but not under an open sheet', async () => {
    const { page, token, go, close } = await openAt('/')
    await askFor(session.app, token, { tmdb_id: 19, media_type: 'movie' })
    await go('/requests')
    await row(page, 'Metropolis').waitFor()
    const rows = page.locator(id('request-row'))
    const before = await rows.count()
    await askFor(session.app, bob, { tmdb_id: 40, media_type: 'tv', seasons: [1], future_seasons: false })
    await page.clock.runFor(LOOK_MS)
    await rows.nth(before).waitFor()
    expect(await rows.first().textContent()).toContain('Dallas')
    await row(page, 'Metropolis').locator(id('withdraw-button')).click()
    await page.evaluate('scrollTo(0, 0)')
    await call(session.app.url, '/api/request/tv/40', { method: 'DELETE', token: bob })
    await page.clock.runFor(LOOK_MS)
    await row(page, 'Dallas').waitFor({ state: 'detached' })
    await askFor(session.app, bob, { tmdb_id: 278, media_type: 'movie' })
    await page.clock.runFor(LOOK_MS)
    await page.locator(id('show-newcomers')).waitFor()
    expect(await page.isVisible(id('withdraw-confirm'))).toBe(true)
    expect(await rows.count()).toBe(before)
    await close()
  })

  it('says aloud what has become of one’s own request, once, and nothing of others', async () => {
    const { page, token, askedWithin, problems, close } = await openAt('/')
    await askFor(session.app, token, { tmdb_id: 11, media_type: 'movie' })
    await askFor(session.app, bob, { tmdb_id: 13, media_type: 'movie' })
    const { body } = await call(session.app.url, '/api/requests', { token })
    const titleOf = (tmdbId: number) =>
      String(body.requests.find((one: { tmdb_id: number }) => one.tmdb_id === tmdbId).title)
    await page.clock.runFor(LOOK_MS)
    await page.evaluate(`globalThis.said = []
      new MutationObserver(() => said.push(document.querySelector('${id('news')}').textContent))
        .observe(document.querySelector('${id('news')}'), { childList: true, characterData: true, subtree: true })`)
    await radarr('Download', 13, titleOf(13))
    await askedWithin(LOOK_MS)
    await radarr('Download', 11, titleOf(11))
    await askedWithin(LOOK_MS)
    await askedWithin(LOOK_MS)
    const words = text(language, 'news', { title: titleOf(11), status: says('status.available') })
    expect(await page.evaluate('said')).toEqual([words])
    expect(await page.locator('[aria-live="polite"]', { hasText: words }).count()).toBe(1)
    await page.reload()
    await page.waitForSelector(id('title-card'))
    expect(await page.textContent(id('news'))).toBe('')
    expect(problems).toEqual([])
    await close()
  })

  it('counts on how long ago something was', async () => {
    const { page, token, go, close } = await openAt('/')
    await askFor(session.app, token, { tmdb_id: 680, media_type: 'movie' })
    await go('/requests')
    await page.locator(id('request-row')).first().getByText(says('ago.now')).waitFor()
    await page.clock.runFor(MINUTE + 10_000)
    await page
      .locator(id('request-row'))
      .first()
      .getByText(says('ago.minutes', { n: 1 }))
      .waitFor()
    await close()
  })

  it('shows on a title what has arrived, without closing what is open or showing a skeleton', async () => {
    const { page, token, go, problems, close } = await openAt('/')
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv', seasons: [1, 2], future_seasons: false })
    await go('/title/tv/1396')
    await page.click(id('request-button'))
    await page.check(id('season-mode-pick'))
    await page.check(id('season-3'))
    await page.evaluate(`globalThis.skeletons = 0
      document.querySelector('article').marked = true
      new MutationObserver(() => { if (!document.querySelector('article')?.marked) skeletons += 1 })
        .observe(document.querySelector('main'), { childList: true, subtree: true })`)
    const episodes = [{ seasonNumber: 1, episodeNumber: 1 }]
    await hear('sonarr', { eventType: 'Download', series: BREAKING_BAD, episodes })
    await page.clock.runFor(LOOK_MS)
    const chip = page.locator(`${id('season-row-1')} ${id('season-state')}`)
    await chip.getByText(says('season.some', { here: 1, total: 7 })).waitFor()
    const [words = ''] = says('progress.some', { here: 1, total: 20 }).split(' | ')
    await page.locator(id('how-far'), { hasText: words }).waitFor()
    expect(await page.isChecked(id('season-3'))).toBe(true)
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('season-3')
    expect(await page.evaluate('skeletons')).toBe(0)
    expect(problems).toEqual([])
    await close()
  })

  it('of messages and senders shows what comes in', async () => {
    const { page, go, problems, close } = await openAt('/activity')
    await page.waitForSelector('h1')
    await hear('radarr', { eventType: 'Grab', movie: { tmdbId: 550, title: 'Unheard Of', year: 1999 } })
    await page.clock.runFor(LOOK_MS)
    await page.locator(id('activity-row'), { hasText: 'Unheard Of' }).waitFor()
    await go('/webhooks')
    await page.waitForSelector(id('sender-sonarr'))
    await hear('sonarr', { eventType: 'Test', series: BREAKING_BAD })
    await page.clock.runFor(LOOK_MS)
    const heard = says('webhooks.heardOf', { when: says('ago.now'), name: 'Test' })
    await page.locator(`${id('sender-sonarr')} ${id('heard')}`, { hasText: heard }).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('keeps what it shows when it cannot be read again, and goes on when it can', async () => {
    await hear('radarr', { eventType: 'Grab', movie: { tmdbId: 550, title: 'Unheard Of', year: 1999 } })
    const { page, close } = await openAt('/activity')
    const heard = (title: string) => page.locator(id('activity-row'), { hasText: title })
    await heard('Unheard Of').first().waitFor()
    const answered = page.waitForResponse((answer) => answer.status() === 503)
    const failure = { status: 503, json: { detail: 'no', code: 'storage_unavailable' } }
    await page.route('**/api/activity', (route) => route.fulfill(failure), { times: 1 })
    await page.clock.runFor(LOOK_MS)
    await answered
    await hear('radarr', { eventType: 'Grab', movie: { tmdbId: 551, title: 'Heard Later', year: 1999 } })
    expect(await heard('Unheard Of').first().isVisible()).toBe(true)
    expect(await page.locator(id('error-message')).count()).toBe(0)
    await page.clock.runFor(LOOK_MS)
    await heard('Heard Later').waitFor()
    await close()
  })
})
