import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type SpawnedApp, spawnApp } from '../spawn-app.ts'

export const PASSWORD = 'household-password-1'
export const OPERATOR = 'operator-password-1'
export const FEED = 'feed-token-of-the-browser'

/** The element of a test id. */
export const id = (name: string) => `[data-testid="${name}"]`

/** The built app on the sample catalogue and a Chromium that knows it as `nas` too. */
export async function openBrowser(): Promise<{ app: SpawnedApp; browser: Browser; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellarr-browser-'))
  const app = await spawnApp({
    DATA_DIR: dataDir,
    PRESHARED_PASSWORD: PASSWORD,
    OPERATOR_PASSWORD: OPERATOR,
    FEED_TOKEN: FEED,
    LOG_LEVEL: 'warn',
  })
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
    async close() {
      await browser.close()
      await app.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Keeps a picture when SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Signs in on the sign-in page, wherever it leads. */
export async function fillSignIn(page: Page, name: string, password: string): Promise<void> {
  await page.fill(id('sign-in-name'), name)
  await page.fill(id('sign-in-password'), password)
  await page.click(id('sign-in-submit'))
}
