import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeTmdb, startFakeTmdb } from '@stellarr/gateways/testing'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { call, openLists, signIn } from '../http/deployment.ts'
import { spawnApp } from '../spawn-app.ts'
import { startAws } from '../start-aws.ts'

export const PASSWORD = 'household-password-1'
export const ADMIN = 'admin-password-1'
export const FEED = 'feed-token-of-the-browser'
export const SYNC = 'sync-token-of-the-browser'
export const SONARR_HOOK = 'sonarr-hook-of-the-browser'
export const RADARR_HOOK = 'radarr-hook-of-the-browser'
/** On AWS these are not made. */
const PLEX_HOOK = 'plex-hook-of-the-browser'
const APP_SECRET = 'app-secret-of-the-browser'

export const VIEWS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
export type View = keyof typeof VIEWS

/** Every flow runs on a phone in English and on a desktop in German. */
export const SETTINGS = [
  ['phone', 'en'],
  ['desktop', 'de'],
] as const
export type Language = (typeof SETTINGS)[number][1]

/** The element of a test id. */
export const id = (name: string) => `[data-testid="${name}"]`
/** The card of a title. */
export const card = (type: 'movie' | 'tv', tmdbId: number) =>
  `main ${id('title-card')}[data-media-type="${type}"][data-tmdb-id="${tmdbId}"]`

type Texts = { [key: string]: string | Texts }

/** A text of the app in a language, with its values put in. */
export function text(language: Language, key: string, values: Record<string, unknown> = {}): string {
  const file = join(import.meta.dirname, '../../apps/web/src/locales', `${language}.json`)
  let found: string | Texts | undefined = JSON.parse(readFileSync(file, 'utf8')) as Texts
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined
  if (typeof found !== 'string') throw new Error(`no text ${key}`)
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}

/** Whether the self-hosted app is under test, or the one on AWS; what plain http in a home network needs is the former's. */
export const SELF_HOSTED = process.env.STELLARR_DEPLOYMENT !== 'aws'

/** What is under test. */
export interface BrowserApp {
  url: string
  stop(): Promise<unknown>
}

export interface BrowserSession {
  app: BrowserApp
  browser: Browser
  /** The catalogue's stand-in, when asked for; else the sample catalogue is in use. */
  tmdb: FakeTmdb | undefined
}

interface BrowserOptions {
  /** With a stand-in of TMDB instead of the sample catalogue. */
  tmdb?: boolean | 'without its key'
  /** The admin is left to say that the store is meant: its lists are closed. */
  isAsked?: boolean
  /** Where the app says that people open it; else it takes whatever they do. */
  baseUrl?: string
}

/** The app and a Chromium for all tests of a file, or of the `describe` in which it is called. */
export function useBrowser(options: BrowserOptions = {}): BrowserSession {
  let opened: Awaited<ReturnType<typeof openBrowser>> | undefined
  beforeAll(async () => {
    opened = await openBrowser(options)
  })
  afterAll(() => opened?.close())
  const session = () => {
    if (!opened) throw new Error('the browser opens when the tests begin')
    return opened
  }
  return {
    get app() {
      return session().app
    },
    get browser() {
      return session().browser
    },
    get tmdb() {
      return session().tmdb
    },
  }
}

/** The built app, self-hosted or on AWS, and a Chromium that knows it as `nas` too. */
async function openBrowser(options: BrowserOptions): Promise<BrowserSession & { close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-browser-'))
  const tmdb = options.tmdb ? await startFakeTmdb() : undefined
  const settings = {
    DATA_DIR: dataDir,
    PRESHARED_PASSWORD: PASSWORD,
    ADMIN_PASSWORD: ADMIN,
    FEED_TOKEN: FEED,
    SYNC_TOKEN: SYNC,
    SONARR_WEBHOOK_TOKEN: SONARR_HOOK,
    RADARR_WEBHOOK_TOKEN: RADARR_HOOK,
    PUSH_HOSTS: '127.0.0.1',
    LOG_LEVEL: 'error',
    ...(options.isAsked && !SELF_HOSTED ? { STORE_ID: '' } : {}),
    ...(options.baseUrl === undefined ? {} : { BASE_URL: options.baseUrl }),
    ...(tmdb ? { TMDB_BASE_URL: tmdb.url } : {}),
    ...(options.tmdb === true ? { TMDB_API_KEY: '0123456789abcdef0123456789abcdef' } : {}),
  }
  const app = await (SELF_HOSTED
    ? spawnApp(settings)
    : startAws({ ...settings, APP_SECRET_KEY: APP_SECRET, PLEX_WEBHOOK_TOKEN: PLEX_HOOK }, 'localhost'))
  if (!options.isAsked) await openLists(app.url)
  // On AWS the daily work runs once after a deploy.
  if (!SELF_HOSTED) await fetch(`${app.url}/trending-all-en.json`)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP nas 127.0.0.1',
    ],
  })
  return {
    app,
    browser,
    tmdb,
    async close() {
      await browser.close()
      await app.stop()
      await tmdb?.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const VERIFY = '/api/auth/verify'

export interface Tab {
  page: Page
  context: BrowserContext
  /** Errors of the page and its console that no test has taken out: there must be none. */
  problems: string[]
  close(): Promise<void>
}

export interface TabOptions {
  colorScheme?: 'light' | 'dark'
  serviceWorkers?: 'allow' | 'block'
}

/** A browser window of its own, as a phone or a desktop has it. TMDB's pictures are answered here: tests use no network. */
export async function openTab(browser: Browser, view: View, language: Language, more: TabOptions = {}): Promise<Tab> {
  const context = await browser.newContext({
    viewport: VIEWS[view],
    locale: language === 'en' ? 'en-US' : 'de-DE',
    isMobile: view === 'phone',
    hasTouch: view === 'phone',
    serviceWorkers: 'block',
    ...more,
  })
  await context.route('https://image.tmdb.org/**', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
  )
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    const blocked = message.text().includes('registration blocked by Playwright')
    // Two people of one password in one second: the page tries again by itself. What sign-in answers is judged below.
    const isSignIn = message.location().url.endsWith(VERIFY)
    if (!blocked && !isSignIn && /^(error|warning)$/.test(message.type())) problems.push(message.text())
  })
  page.on('response', async (answer) => {
    if (!answer.url().endsWith(VERIFY) || answer.ok()) return
    const words = await answer.text()
    if (!words.includes('"challenge_used"')) problems.push(`sign-in answered ${answer.status()}: ${words}`)
  })
  return { page, context, problems, close: () => context.close() }
}

/** Keeps a picture when SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/** Signs in on the sign-in page, wherever it leads. */
export async function fillSignIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.fill(id('sign-in-name'), name)
  await page.fill(id('sign-in-password'), password)
  await page.click(id('sign-in-submit'))
}

/** Puts a session into the browser without the sign-in page; answers its token. */
export async function haveSession(tab: Tab, app: BrowserApp, name: string, password = PASSWORD): Promise<string> {
  const token = await signIn(app.url, name, password)
  const role = password === ADMIN ? 'admin' : 'household'
  await tab.page.goto(`${app.url}/favicon.svg`)
  await tab.page.evaluate(
    `localStorage.setItem('stellarr.session', ${JSON.stringify(JSON.stringify({ token, name, role }))})`,
  )
  return token
}

interface Person extends TabOptions {
  /** Ann, if not told. */
  name?: string
  /** The household's, if not told. */
  password?: string
}

/** What the tests of one setting do again and again: opening windows and reading the app's texts. */
export function inSetting(session: BrowserSession, view: View, language: Language) {
  const openWindow = (more?: TabOptions) => openTab(session.browser, view, language, more)

  async function signedIn({ name = 'Ann', password = PASSWORD, ...more }: Person = {}) {
    const tab = await openWindow(more)
    const token = await haveSession(tab, session.app, name, password)
    return { ...tab, token, go: (path: string) => tab.page.goto(session.app.url + path) }
  }

  return {
    /** A window of nobody yet. */
    openWindow,
    /** A window of somebody who is signed in, at no page of the app yet: `go` leads to one. */
    signedIn,
    /** A window of somebody who is signed in, at a page of the app. */
    async open(path: string, who?: Person) {
      const tab = await signedIn(who)
      await tab.go(path)
      return tab
    },
    says: (key: string, values?: Record<string, unknown>) => text(language, key, values),
  }
}

/** Asks for a title over the API. */
export const askFor = (app: BrowserApp, token: string, json: object) => call(app.url, '/api/request', { token, json })

/** What a feed answers. */
export async function feed(app: BrowserApp, path: string) {
  const answer = await fetch(`${app.url}${path}?token=${FEED}`)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** Reads a list as a client does; the key goes where the list's type has it. */
export async function readAs(app: BrowserApp, userAgent: string, path: string, key = FEED): Promise<number> {
  const isProgram = path.includes('/api/v3/')
  const answer = await fetch(`${app.url}${path}${isProgram ? '' : `${path.includes('?') ? '&' : '?'}token=${key}`}`, {
    headers: { 'user-agent': userAgent, ...(isProgram ? { 'x-api-key': key } : {}) },
  })
  await answer.text()
  return answer.status
}
export const RADARR = 'Radarr/6.1.0.1 (ubuntu 24.04)'
export const SONARR = 'Sonarr/4.0.9.1 (ubuntu 24.04)'

/** Waits for a message at the lower edge that says this. */
export const waitForToast = (page: Page, words: string) =>
  page
    .locator(`${id('toast')}, ${id('error-message')}`, { hasText: words })
    .first()
    .waitFor()

/** Touches what changes something and waits until the server, at `path`, has it: pages may say so before. */
export async function storeBy(page: Page, touch: string, path = '/api/request'): Promise<void> {
  const stored = page.waitForResponse(
    (answer) => answer.url().endsWith(path) && answer.request().method() !== 'GET' && answer.ok(),
  )
  await Promise.all([stored, page.click(touch)])
}

/** Waits until an expression holds in the page (its own content policy forbids the browser driver's way of doing so). */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    // A page that is just being left has nothing to say.
    if (await page.evaluate(expression).catch(() => false)) return
    await page.waitForTimeout(100)
  }
  throw new Error(`never came true: ${expression}`)
}

/** Addresses at which pages ask for requests. */
export const REQUESTS = /\/api\/(library-status|requests)(\?|$)/
