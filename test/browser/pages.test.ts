import { describe, expect, it } from 'vitest'
import {
  ADMIN,
  askFor,
  haveSession,
  id,
  openTab,
  picture,
  type Tab,
  until,
  useBrowser,
  type View,
} from './browse-app.ts'
import { faultsOf, STILL, tooWide } from './page-faults.ts'

const session = useBrowser()

interface PageToCheck {
  name: string
  path: string
  /** What shows that it is there. */
  shown: string
  /** What to press first. */
  press?: string
  /** What then shows that it is there. */
  reveals?: string
}

/** Every page and every sheet. */
const PAGES: readonly PageToCheck[] = [
  { name: 'home', path: '/', shown: id('title-card') },
  { name: 'search', path: '/search?q=the', shown: id('title-card') },
  { name: 'search-start', path: '/search', shown: id('title-card') },
  { name: 'search-empty', path: '/search?q=nothing+is+called+this', shown: '.empty' },
  { name: 'movie', path: '/title/movie/603', shown: id('request-button') },
  { name: 'series', path: '/title/tv/1396', shown: id('title-status') },
  {
    name: 'seasons',
    path: '/title/tv/1396',
    shown: id('request-button'),
    press: id('request-button'),
    reveals: `${id('request-sheet')}[open]`,
  },
  { name: 'requests', path: '/requests', shown: id('request-row') },
  {
    name: 'withdraw',
    path: '/requests',
    shown: id('request-row'),
    press: id('withdraw-button'),
    reveals: `${id('withdraw-sheet')}[open]`,
  },
  { name: 'feeds', path: '/feeds', shown: id('feed-url') },
  {
    name: 'preview',
    path: '/feeds',
    shown: id('feed-url'),
    press: id('test-radarr_program'),
    reveals: id('preview-takes'),
  },
  { name: 'feeds-sonarr', path: '/feeds#sonarr', shown: `${id('feed-sonarr_program')} ${id('feed-url')}` },
  { name: 'settings', path: '/settings', shown: id('sign-out') },
  { name: 'activity', path: '/activity', shown: '.empty' },
  { name: 'webhooks', path: '/webhooks', shown: id('library-agent') },
  {
    name: 'webhooks-sonarr',
    path: '/webhooks',
    shown: id('library-agent'),
    press: `${id('sender-sonarr')} summary`,
    reveals: id('webhook-url'),
  },
  { name: 'admin', path: '/operator', shown: id('requester-tags') },
  { name: 'about', path: '/about', shown: id('version') },
  { name: 'unknown', path: '/nothing-here', shown: '.empty' },
  { name: 'unknown-title', path: '/title/movie/999999', shown: id('error-message') },
]
/** Those that look different to the household. */
const HOUSEHOLD_PAGES: readonly PageToCheck[] = [
  { name: 'feeds-closed', path: '/feeds', shown: id('admin-gate') },
  { name: 'webhooks-closed', path: '/webhooks', shown: id('admin-gate') },
  { name: 'admin-gate', path: '/operator', shown: id('admin-gate') },
]

/** Opens one page and answers all that is wrong with it. */
async function check(tab: Tab, view: View, theme: string, one: PageToCheck): Promise<string[]> {
  const { page } = tab
  tab.problems.length = 0
  await page.goto(session.app.url + one.path)
  await page.waitForSelector(one.shown)
  if (one.press && one.reveals) {
    await page.click(`${one.press} >> nth=0`)
    await page.waitForSelector(one.reveals)
  }
  await until(page, "[...document.images].every((image) => image.complete || image.loading === 'lazy')")
  await page.evaluate(STILL)
  const faults = [...(await faultsOf(page))]
  await picture(page, `${view}-${theme}-${one.name}`)
  faults.push(...(await tooWide(page, view)))
  // The browser itself reports the answer 404 that the page is about.
  faults.push(...tab.problems.filter((problem) => !problem.includes('404')))
  return faults.map((fault) => `${one.name}: ${fault}`)
}

describe.each([
  ['phone', 'light', 19],
  ['phone', 'dark', 27205],
  ['desktop', 'light', 10098],
  ['desktop', 'dark', 992],
] as const)('on a %s in %s', (view, theme, movie) => {
  it('every page is accessible, fits its width and makes no error', async () => {
    const tab = await openTab(session.browser, view, 'en', { colorScheme: theme })
    const faults = await check(tab, view, theme, { name: 'sign-in', path: '/', shown: id('sign-in-name') })
    const token = await haveSession(tab, session.app, 'Ann')
    await askFor(session.app, token, { tmdb_id: 603, media_type: 'movie' })
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv', seasons: [1, 2] })
    for (const page of HOUSEHOLD_PAGES) faults.push(...(await check(tab, view, theme, page)))
    await haveSession(tab, session.app, 'Op', ADMIN)
    const asked = { name: 'asked', path: `/title/movie/${movie}`, press: id('request-button'), reveals: id('toast') }
    faults.push(...(await check(tab, view, theme, { ...asked, shown: id('request-button') })))
    for (const page of PAGES) faults.push(...(await check(tab, view, theme, page)))
    await tab.close()
    expect(faults).toEqual([])
  }, 240_000)
})
