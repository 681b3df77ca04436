import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillSignIn, id, OPERATOR, openBrowser, picture } from './browse-app.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let session: Awaited<ReturnType<typeof openBrowser>>
beforeAll(async () => {
  session = await openBrowser()
})
afterAll(() => session?.close())

/** Every page with what shows that it is there. */
const PAGES = [
  ['home', '/', id('title-card')],
  ['search', '/search?q=the', id('title-card')],
  ['search-empty', '/search?q=nothing+is+called+this', 'text=Try another'],
  ['film', '/title/movie/603', id('request-button')],
  ['series', '/title/tv/40', id('request-button')],
  ['requests', '/requests', id('request-row')],
  ['feeds', '/feeds', id('feed-url')],
  ['settings', '/settings', id('sign-out')],
  ['unknown', '/nothing-here', 'main h1'],
  ['unknown-title', '/title/movie/999999', id('error-message')],
] as const

const VIEWS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }

/** What axe-core finds wrong, in short. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = (await page.evaluate('axe.run()')) as AxeResults
  return found.violations.flatMap(({ id: rule, nodes }) => nodes.map((node) => `${rule}: ${node.html.slice(0, 160)}`))
}

type View = keyof typeof VIEWS
type Theme = 'light' | 'dark'

const newContext = (view: View, theme: Theme) =>
  session.browser.newContext({ viewport: VIEWS[view], colorScheme: theme, locale: 'en-US' })

/** Opens one page and answers all that is wrong with it. */
async function check(context: BrowserContext, view: View, theme: Theme, page: readonly string[]): Promise<string[]> {
  const [name = '', path = '', shown = ''] = page
  const faults: string[] = []
  const tab = await context.newPage()
  tab.on('pageerror', (error) => faults.push(String(error)))
  await tab.goto(session.app.url + path)
  await tab.waitForSelector(shown)
  await tab.waitForLoadState('networkidle')
  faults.push(...(await faultsOf(tab)))
  for (const width of view === 'phone' ? [390, 320] : [1280]) {
    await tab.setViewportSize({ ...VIEWS[view], width })
    const wide = Number(await tab.evaluate('document.documentElement.scrollWidth'))
    if (wide > width) faults.push(`${wide} px wide in a window of ${width}`)
    if (width === VIEWS[view].width) await picture(tab, `${view}-${theme}-${name}`)
  }
  await tab.close()
  return faults.map((fault) => `${name}: ${fault}`)
}

/** Signs in and asks for a series, so that the list of requests has a row. */
async function signIn(context: BrowserContext): Promise<void> {
  const tab = await context.newPage()
  await tab.goto(`${session.app.url}/`)
  await fillSignIn(tab, 'Op', OPERATOR)
  await tab.waitForSelector(id('title-card'))
  const token = await tab.evaluate("JSON.parse(localStorage.getItem('stellarr.session')).token")
  await fetch(`${session.app.url}/api/request`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tmdb_id: 1396, media_type: 'tv', seasons: [1] }),
  })
  await tab.close()
}

describe.each([
  ['phone', 'light'],
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
] as const)('on a %s in %s', (view, theme) => {
  it('every page is accessible, fits its width and makes no error', async () => {
    const context = await newContext(view, theme)
    const faults = await check(context, view, theme, ['sign-in', '/', id('sign-in-name')])
    await signIn(context)
    for (const page of PAGES) faults.push(...(await check(context, view, theme, page)))
    await context.close()
    expect(faults).toEqual([])
  })
})
