import { titleOrder } from '@stellarr/core/rules'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, signIn } from '../http/deployment.ts'
import {
  ADMIN,
  askFor,
  feed,
  fillSignIn,
  id,
  inSetting,
  PASSWORD,
  picture,
  REQUESTS,
  SETTINGS,
  SYNC,
  storeBy,
  useBrowser,
  waitForToast,
} from './browse-app.ts'

/** The list is asked for anew at every choice. */
const WAIT = { timeout: 10_000 }
const session = useBrowser({ tmdb: true })

/** A row of the list by the title on it. */
const row = (page: Page, title: string) => page.locator(id('request-row'), { hasText: title })
const failing = (status: number, code: string) => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify({ detail: 'no', code }),
})

describe.each(SETTINGS)('requests on a %s in %s', (view, language) => {
  const { signedIn, says } = inSetting(session, view, language)

  it('are shown at once, put back when the server says no, and tried again at a touch', async () => {
    const { page, go, token, close } = await signedIn()
    // The last title of a list that was read cannot be withdrawn: this one is another.
    await askFor(session.app, token, { tmdb_id: 27205, media_type: 'movie' })
    await go('/title/movie/603')
    await page.route('**/api/request', (route) => route.fulfill(failing(503, 'storage_unavailable')), { times: 1 })
    await page.click(id('request-button'))
    await waitForToast(page, says('error.storage_unavailable'))
    expect(await page.textContent(id('request-button'))).toContain(says('title.steps.request'))
    await storeBy(page, `${id('error-message')} ${id('undo')}`)
    await page.waitForSelector(id('title-status'))
    expect((await feed(session.app, '/list/radarr')).text).toContain('Matrix')
    await page.click(`${id('toast')} ${id('undo')}`)
    await waitForToast(page, says('toast.takenBack', { title: 'The Matrix' }))
    expect((await feed(session.app, '/list/radarr')).text).not.toContain('Matrix')
    await close()
  })

  it('are withdrawn with the right sentence and brought back as they were', async () => {
    const { page, go, token, close } = await signedIn()
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv', seasons: [1, 2], future_seasons: false })
    await go('/requests')
    await row(page, 'Breaking Bad').locator(id('withdraw-button')).click()
    await page.getByText(says('withdraw.leavesFeeds')).waitFor()
    await page.click(id('withdraw-confirm'))
    await row(page, 'Breaking Bad').waitFor({ state: 'detached' })
    await page.click(id('undo'))
    await waitForToast(page, says('toast.isBack', { title: 'Breaking Bad' }))
    const { body } = await call(session.app.url, '/api/requests?media_type=tv', { token })
    expect(body.requests[0]).toMatchObject({ seasons: [1, 2], future_seasons: false, requested_by: 'Ann' })
    await close()
  })

  it('that have arrived are only hidden; those of others are the admin’s to withdraw and bring back', async () => {
    const mine = await signedIn()
    await askFor(session.app, mine.token, { tmdb_id: 19, media_type: 'movie' })
    await mine.close()
    const bobs = await signedIn({ name: 'Bob' })
    await bobs.go('/requests')
    await row(bobs.page, 'Metropolis').waitFor()
    expect(await row(bobs.page, 'Metropolis').locator(id('withdraw-button')).count()).toBe(0)
    await bobs.close()
    await call(session.app.url, '/sync/library?media_type=movie', {
      json: [{ tmdb_id: 19 }],
      headers: { 'x-api-key': SYNC },
    })
    const { page, go, token, close } = await signedIn({ name: 'Op', password: ADMIN })
    await go('/requests')
    await row(page, 'Metropolis').locator(id('withdraw-button')).click()
    await page.getByText(says('withdraw.staysListed')).waitFor()
    await page.click(id('withdraw-confirm'))
    await waitForToast(page, says('toast.hidden', { title: 'Metropolis' }))
    expect((await feed(session.app, '/list/radarr')).text).toContain('Metropolis')
    await page.click(id('undo'))
    await waitForToast(page, says('toast.isBack', { title: 'Metropolis' }))
    const { body } = await call(session.app.url, '/api/requests?media_type=movie', { token })
    expect(body.requests.find((one: { tmdb_id: number }) => one.tmdb_id === 19).requested_by).toBe('Ann')
    await row(page, 'Metropolis').locator(id('withdraw-button')).click()
    await page.click(id('remove-more'))
    expect(await page.isDisabled(id('remove-confirm'))).toBe(true)
    await page.check(id('remove-sure'))
    await page.click(id('remove-confirm'))
    await waitForToast(page, says('toast.removed', { title: 'Metropolis' }))
    await close()
  })

  it('say which list cannot carry them and what to do', async () => {
    const { page, go, token, close } = await signedIn()
    await askFor(session.app, token, { tmdb_id: 900001, media_type: 'movie' })
    // The page is there before its requests are.
    await page.route(REQUESTS, async (route) => {
      await page.waitForSelector('h1')
      await page.waitForTimeout(1_000)
      await route.continue()
    })
    await go('/requests')
    const words = says('undeliverable.movie', { lists: 'StevenLu Custom' })
    await row(page, 'Without Another Id').getByText(words).waitFor()
    await row(page, 'Without Another Id').locator(id('undeliverable')).getByRole('link').click()
    await page.waitForURL(/\/feeds#radarr$/)
    await close()
  })

  it('that somebody else made are said to be so', async () => {
    const bobs = await signedIn({ name: 'Bob' })
    await askFor(session.app, bobs.token, { tmdb_id: 40, media_type: 'tv', seasons: [1], future_seasons: false })
    await bobs.close()
    const { page, go, close } = await signedIn()
    await go('/title/tv/40')
    await page.click(id('request-button'))
    await page.getByText(says('sheet.already', { name: 'Bob' })).waitFor()
    await page.getByText(says('sheet.sonarrHasIt')).waitFor()
    // The first season was asked for already: there is no such choice any more.
    expect(await page.locator(id('season-mode-first')).count()).toBe(0)
    await page.check(id('season-2'))
    await storeBy(page, id('request-confirm'))
    await waitForToast(page, says('toast.asksMore', { title: 'Dallas' }))
    expect(await page.textContent(id('season-row-2'))).toContain(says('season.requested'))
    await call(session.app.url, '/api/admin/request/tv/40?confirm=true', {
      method: 'DELETE',
      token: (await signedIn({ name: 'Op', password: ADMIN })).token,
    })
    await close()
  })
})

describe.each(SETTINGS)('what is odd about a request on a %s in %s', (view, language) => {
  const { signedIn, says } = inSetting(session, view, language)
  const day = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC' })
  const since = '2020-12-01T12:00:00.000Z'

  /** What the server would answer, had this become of a request. */
  async function become(page: Page, title: object, row: object): Promise<void> {
    await page.route('**/api/title/**', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), ...title } })
    })
    await page.route(REQUESTS, async (route) => {
      const answer = await route.fetch()
      if (!answer.ok()) return route.fulfill({ response: answer })
      const status = await answer.json()
      const requests = status.requests.map((one: object) => ({ ...one, ...row }))
      await route.fulfill({ response: answer, json: { ...status, requests } })
    })
  }

  it('is said where the catalog has dropped its title, which can only be taken back', async () => {
    const admin = await signedIn({ name: 'Op', password: ADMIN })
    const mine = await signedIn()
    await askFor(session.app, mine.token, { tmdb_id: 27205, media_type: 'movie' })
    await askFor(session.app, mine.token, { tmdb_id: 40, media_type: 'tv', seasons: [1], future_seasons: false })
    for (const { page } of [admin, mine]) await become(page, { in_catalog: false }, { not_in_catalog_since: since })
    await mine.go('/title/tv/40')
    const note = mine.page.locator(id('unlisted'))
    await note.getByText(`${says('unlisted.what')} ${says('unlisted.member')}`).waitFor()
    // Of its other seasons nothing is offered.
    expect(await mine.page.textContent(id('request-button'))).toBe(says('title.steps.withdraw'))
    await mine.go('/requests')
    await row(mine.page, 'Dallas').locator(id('unlisted')).waitFor()
    await admin.go('/requests')
    await row(admin.page, 'Inception').getByText(says('unlisted.admin')).waitFor()
    await row(admin.page, 'Inception').locator(id('unlisted')).getByRole('link').click()
    await admin.page.waitForURL('**/search?q=Inception')
    await mine.go('/title/tv/40')
    await mine.page.click(id('request-button'))
    await storeBy(mine.page, id('withdraw-confirm'), '/api/request/tv/40')
    await mine.page.waitForSelector(id('request-button'), { state: 'detached' })
    expect([...mine.problems, ...admin.problems]).toEqual([])
    await admin.close()
    await mine.close()
  })

  it('is said where something was lost, and where Sonarr numbers its seasons otherwise', async () => {
    const { page, go, token, problems, close } = await signedIn()
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv', seasons: [1], future_seasons: false })
    const progress = { here: 9, aired: 25, total: 25, next_air_date: null }
    const odd = { status: 'partly_available', numbering: 'differs', progress, lost_at: since }
    await become(page, { numbering: 'differs', seasons_arrived: 2, number_of_seasons: 1 }, odd)
    const [, words = ''] = says('progress.differs', { here: 9, total: 25 }).split(' | ')
    await go('/requests')
    await row(page, 'Breaking Bad').getByText(words).waitFor()
    await row(page, 'Breaking Bad')
      .getByText(says('lost', { date: day.format(new Date(since)) }))
      .waitFor()
    await row(page, 'Breaking Bad').locator('h2 a').click()
    await page.locator(id('title-status')).getByText(words).waitFor()
    await page.click(id('request-button'))
    const [, numbers = ''] = says('sheet.differs', { n: 2, m: 1 }).split(' | ')
    await page.locator(id('numbering')).getByText(numbers).waitFor()
    expect(await page.isChecked(id('season-mode-all'))).toBe(true)
    expect(await page.isChecked(id('season-future'))).toBe(true)
    await picture(page, `${view}-numbered-otherwise`)
    await page.check(id('season-mode-pick'))
    expect(await page.isChecked(id('season-future'))).toBe(false)
    expect(problems).toEqual([])
    await close()
  })
})

describe.each(SETTINGS)('many requests on a %s in %s', (view, language) => {
  const many = useBrowser()
  const { open, says } = inSetting(many, view, language)
  beforeAll(async () => {
    const token = await signIn(many.app.url, 'Ann', PASSWORD)
    await askFor(many.app, await signIn(many.app.url, 'Bob', PASSWORD), { tmdb_id: 19, media_type: 'movie' })
    const asked: { id: number; media_type: string }[] = []
    for (const query of ['the', 'a', 'b', 's', 'm', 't']) {
      for (let page = 1; page <= 4; page += 1) {
        const { body } = await call(many.app.url, '/api/search', { token, json: { query, page } })
        asked.push(...body.results)
      }
    }
    for (const { id: tmdb_id, media_type } of asked) await askFor(many.app, token, { tmdb_id, media_type })
  })

  it('come a hundred at a time and are narrowed, sorted and searched', async () => {
    const { page, problems, close } = await open('/requests', { name: 'Bob' })
    await page.waitForSelector(id('request-row'))
    const rows = page.locator(id('request-row'))
    expect(await rows.count()).toBe(100)
    await page.click(id('more-requests'))
    await expect.poll(() => rows.count(), WAIT).toBeGreaterThan(100)
    await page.selectOption(id('request-type'), 'tv')
    await rows.first().getByText(says('type.tv')).waitFor()
    await page.selectOption(id('request-type'), '')
    await page.check(id('request-mine'), { force: true })
    await expect.poll(() => rows.allTextContents(), WAIT).toEqual([expect.stringContaining('Metropolis')])
    await page.check(id('request-everybody'), { force: true })
    await page.selectOption(id('request-sort'), 'title')
    const inOrder = async () => {
      const orders = (await rows.locator('h2 a').allTextContents()).map(titleOrder)
      return orders.length === 100 && orders.join() === [...orders].sort().join()
    }
    await expect.poll(inOrder, WAIT).toBe(true)
    await page.fill(id('request-search'), 'metropolis')
    await expect.poll(() => rows.count(), WAIT).toBe(1)
    await page.selectOption(id('request-status'), 'available')
    await page.getByRole('button', { name: says('requests.showAll') }).click()
    await expect.poll(() => rows.count(), WAIT).toBe(100)
    // The filters stay while a title is open.
    await page.fill(id('request-search'), 'metropolis')
    await expect.poll(() => rows.count(), WAIT).toBe(1)
    await rows.first().locator('h2 a').click()
    await page.waitForSelector(id('title-status'))
    await page.click(id('back'))
    await page.waitForSelector(id('request-row'))
    expect(await page.inputValue(id('request-search'))).toBe('metropolis')
    // They are this person's: the next one begins without.
    await page.click(id('nav-settings'))
    await page.click(id('sign-out'))
    await fillSignIn(page, 'Cy')
    await page.waitForSelector(id('title-card'))
    await page.click(id('nav-requests'))
    expect(await page.inputValue(id('request-search'))).toBe('')
    expect(problems).toEqual([])
    await close()
  })
})
