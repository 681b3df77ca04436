import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { card, id, inSetting, SETTINGS, until, useBrowser } from './browse-app.ts'

const session = useBrowser()

const scrolled = (page: Page) => page.evaluate('Math.round(scrollY)') as Promise<number>
const cards = (page: Page) => page.locator(`main ${id('title-card')}`)

describe.each(SETTINGS)('browsing on a %s in %s', (view, language) => {
  const { open: openPage, signedIn, says } = inSetting(session, view, language)
  async function open(path = '/') {
    const tab = await openPage(path)
    await tab.page.waitForSelector(id('title-card'))
    return tab
  }

  it('starts with three rows of the week and few requests, and nothing jumps', async () => {
    const { page, problems, go, close } = await signedIn()
    let requests = 0
    page.on('request', () => {
      requests += 1
    })
    await page.addInitScript(`globalThis.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })`)
    await go('/')
    await page.waitForSelector(id('title-card'))
    await page.waitForLoadState('networkidle')
    for (const row of ['all', 'movie', 'tv']) {
      await page.getByRole('heading', { name: says(`home.rows.${row}`), exact: true }).waitFor()
    }
    expect(requests).toBeLessThan(30)
    expect(Number(await page.evaluate('shift'))).toBeLessThanOrEqual(0.02)
    expect(problems).toEqual([])
    await close()
  })

  it('searches as one types, ends stale calls, and keeps the search in the address', async () => {
    const { page, problems, close } = await open()
    let cancelled = false
    await page.route('**/api/search', async (route) => {
      if (route.request().postDataJSON().query !== 'met') return route.continue()
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      const late = { results: [], page: 1, total_pages: 1, total_results: 0 }
      await route.fulfill({ json: late }).catch(() => undefined)
      cancelled = true
    })
    await page.fill(id('search-input'), 'met')
    await page.waitForURL('**/search?q=met')
    await page.locator(id('search-input')).pressSequentially('ropolis')
    await page.waitForURL('**/search?q=metropolis')
    await page.waitForSelector(card('movie', 19))
    await expect.poll(() => cancelled, { timeout: 5_000 }).toBe(true)
    expect(await page.isVisible(card('movie', 19))).toBe(true)
    await page.check(id('search-type-tv'), { force: true })
    await page.waitForURL('**/search?q=metropolis&type=tv')
    await page.getByText(says('search.none', { query: 'metropolis' })).waitFor()
    await page.getByRole('button', { name: says('search.bothInstead') }).click()
    await page.waitForSelector(card('movie', 19))
    await page.reload()
    await page.waitForSelector(card('movie', 19))
    expect(await page.inputValue(id('search-input'))).toBe('metropolis')
    expect(problems.filter((problem) => !problem.includes('ERR_ABORTED'))).toEqual([])
    await close()
  })

  it('keeps what was found where it hears of the catalog only then', async () => {
    const { page, go, close } = await signedIn()
    let answer = () => {}
    await page.route('**/api/auth/params', async (route) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      await route.continue()
    })
    await go('/search?q=metropolis')
    await page.waitForSelector(card('movie', 19))
    answer()
    await page.waitForSelector(id('sample-banner'))
    expect(await page.isVisible(card('movie', 19))).toBe(true)
    await close()
  })

  it('remembers what was searched for, until one says to forget it', async () => {
    const { page, close } = await open('/search')
    await page.fill(id('search-input'), 'metropolis')
    await page.press(id('search-input'), 'Enter')
    await page.click(card('movie', 19))
    await page.click(id('nav-search'))
    await page.click(id('recent-search'))
    await page.waitForURL('**/search?q=metropolis')
    await page.fill(id('search-input'), '')
    await page.click(id('forget-searches'))
    await page.waitForSelector(id('recent-search'), { state: 'detached' })
    await close()
  })

  it('comes back to the place one left, also in the rows', async () => {
    const { page, close } = await open()
    await page.evaluate("document.querySelector('.strip').scrollLeft = 500")
    await page.evaluate('scrollTo(0, 400)')
    await page.waitForTimeout(300)
    const before = await scrolled(page)
    expect(before).toBeGreaterThan(100)
    await cards(page).nth(26).click()
    await page.waitForSelector(id('request-button'))
    expect(await scrolled(page)).toBeLessThan(before)
    await page.click(id('back'))
    await page.waitForSelector(id('title-card'))
    await until(page, `Math.abs(scrollY - ${before}) < 60`)
    expect(Number(await page.evaluate("document.querySelector('.strip').scrollLeft"))).toBeGreaterThan(400)
    await close()
  })

  it('goes through many results by itself under a finger, by pages with a mouse', async () => {
    const { page, close } = await open('/search?q=the')
    expect(await cards(page).count()).toBe(20)
    if (view === 'phone') {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)')
      await until(page, `document.querySelectorAll('main [data-testid="title-card"]').length > 20`)
      expect(await page.locator(id('next-page')).count()).toBe(0)
    } else {
      const first = await cards(page).first().textContent()
      await page.click(id('next-page'))
      await page.waitForURL('**/search?q=the&page=2')
      await until(
        page,
        `document.querySelector('main [data-testid="title-card"]').textContent !== ${JSON.stringify(first)}`,
      )
      await page.goBack()
      await until(
        page,
        `document.querySelector('main [data-testid="title-card"]').textContent === ${JSON.stringify(first)}`,
      )
    }
    await close()
  })

  it('works by keyboard alone', async () => {
    const { page, close } = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe(says('nav.skip'))
    await page.focus(id('search-input'))
    await page.keyboard.type('dallas')
    await page.keyboard.press('Enter')
    await page.waitForSelector(card('tv', 40))
    await page.focus(card('tv', 40))
    await page.keyboard.press('Enter')
    await page.waitForSelector(id('request-button'))
    await page.focus(id('request-button'))
    await page.keyboard.press('Enter')
    await page.waitForSelector(`${id('request-sheet')}[open]`)
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(
        `document.activeElement === document.body || document.activeElement.closest('dialog') !== null`,
      )
      expect(inside).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.waitForSelector(`${id('request-sheet')}[open]`, { state: 'detached' })
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('request-button')
    expect(await page.title()).toBe('Dallas · Stellarr')
    await page.focus(id('back'))
    await page.keyboard.press('Enter')
    await page.waitForSelector(card('tv', 40))
    // What had the focus is gone: the content has it, not the top of the window.
    await until(page, "document.activeElement.id === 'main'")
    expect(await page.title()).toBe(`${says('nav.search')} · Stellarr`)
    await close()
  })
})
