import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAsSonarrCustom, readAsStevenLu } from '../http/import-list-clients.ts'
import { FEED, fillSignIn, id, OPERATOR, openBrowser, PASSWORD, picture } from './browse-app.ts'

let session: Awaited<ReturnType<typeof openBrowser>>
let browser: Browser
let port: number

beforeAll(async () => {
  session = await openBrowser()
  browser = session.browser
  port = session.app.port
})
afterAll(() => session?.close())

async function openPage(phone: boolean): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    locale: 'en-US',
  })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return { page, problems }
}

async function signIn(page: Page, host: string, name: string): Promise<void> {
  await page.goto(`http://${host}:${port}/`)
  await fillSignIn(page, name, PASSWORD)
  await page.waitForSelector(id('title-card'), { timeout: 60_000 })
}

/** From the feeds page, where only the operator sees the whole addresses, and back to it. */
async function becomeOperator(page: Page): Promise<void> {
  await page.click(id('as-operator'))
  await fillSignIn(page, 'Op', OPERATOR)
  await page.waitForSelector(id('feed-url'), { timeout: 60_000 })
}

async function request(page: Page, query: string, type: 'movie' | 'tv', tmdbId: number): Promise<void> {
  await page.click(id('nav-search'))
  await page.fill(id('search-input'), query)
  await page.click(`main ${id('title-card')}[data-media-type="${type}"][data-tmdb-id="${tmdbId}"]`)
  await page.click(id('request-button'))
}

const feed = async (path: string) => {
  const answer = await fetch(`http://localhost:${port}${path}?token=${FEED}`)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

describe('the main path', () => {
  it('goes from sign-in to a film and a series that Radarr and Sonarr would take', async () => {
    const { page, problems } = await openPage(true)
    await page.goto(`http://localhost:${port}/`)
    await page.waitForSelector(id('sign-in-name'))
    await picture(page, 'phone-sign-in')
    await fillSignIn(page, 'Ann', 'not the password')
    expect(await page.textContent(id('error-message'))).toBe('That password is not right. 4 tries left.')
    problems.length = 0
    await signIn(page, 'localhost', 'Ann')
    expect(await page.isVisible(id('sample-banner'))).toBe(true)
    await picture(page, 'phone-home')
    await request(page, 'metropolis', 'movie', 19)
    await page.waitForSelector('text=Requested.')
    await picture(page, 'phone-film')
    await request(page, 'dallas', 'tv', 40)
    await page.waitForSelector(`${id('request-sheet')}[open]`)
    await page.check(id('season-mode-pick'))
    await page.check(id('season-1'))
    await picture(page, 'phone-seasons')
    await page.click(id('request-confirm'))
    await page.waitForSelector('text=Requested.')

    expect(readAsStevenLu(await feed('/list/radarr'))).toEqual([{ title: 'Metropolis (1927)', imdbId: 'tt0017136' }])
    expect(readAsSonarrCustom(await feed('/list/sonarr'))).toMatchObject([{ tvdbId: 77092, tmdbId: 40 }])

    await page.click(id('nav-requests'))
    await page.waitForSelector(id('request-row'))
    expect(await page.locator(id('request-row')).count()).toBe(2)
    await picture(page, 'phone-requests')
    await page.click(id('nav-feeds'))
    await page.waitForSelector(id('as-operator'))
    expect(await page.content()).not.toContain(FEED)
    await becomeOperator(page)
    expect(await page.inputValue(`${id('feed-url')} >> nth=0`)).toContain(`/list/radarr?by=tmdb&token=${FEED}`)
    await picture(page, 'phone-feeds')
    expect(problems).toEqual([])
    await page.close()
  })

  it('works over plain http in the home network, where browsers give no Web Crypto and no clipboard', async () => {
    const { page, problems } = await openPage(false)
    await signIn(page, 'nas', 'Bob')
    expect(await page.evaluate('crypto.subtle')).toBeUndefined()
    await picture(page, 'desktop-home')
    await request(page, 'inception', 'movie', 27205)
    await page.waitForSelector('text=Requested.')
    await picture(page, 'desktop-film')
    await page.click(id('undo'))
    await page.waitForSelector('text=Withdrawn.')
    await page.click(id('request-button'))
    await page.waitForSelector('text=Requested.')
    await page.click(id('nav-requests'))
    const row = page.locator(id('request-row'), { hasText: 'Inception' })
    await row.locator(id('withdraw-button')).click()
    await picture(page, 'desktop-withdraw')
    await page.click(id('withdraw-confirm'))
    await row.waitFor({ state: 'detached' })
    await page.click(id('undo'))
    await row.waitFor()
    await row.locator(id('withdraw-button')).click()
    await page.click(id('withdraw-confirm'))
    await row.waitFor({ state: 'detached' })
    await page.click(id('nav-feeds'))
    await becomeOperator(page)
    await page.click(`${id('copy-button')} >> nth=0`)
    await page.waitForSelector('text=Copied')
    await page.goto(`http://nas:${port}/nothing-here`)
    await page.waitForSelector('text=There is no such page.')
    expect(problems).toEqual([])
    await page.close()
  })
})
