import { describe, expect, it } from 'vitest'
import { id, inSetting, openTab, SELF_HOSTED, SETTINGS, useBrowser } from './browse-app.ts'

const session = useBrowser()

describe.each(SETTINGS)('settings on a %s in %s', (view, language) => {
  const { open, says } = inSetting(session, view, language)

  it('switch language and theme at once, and keep them', async () => {
    const { page, close } = await open('/settings')
    const back = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    await page.selectOption(id('language'), 'fr')
    await page.getByRole('heading', { name: 'Réglages', level: 1 }).or(page.locator('html[lang=fr]')).first().waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('fr')
    await page.check(id('theme-dark'))
    const dark = await back()
    await page.check(id('theme-light'))
    expect(await back()).not.toBe(dark)
    await page.reload()
    await page.waitForSelector(id('theme-light'))
    expect(await page.isChecked(id('theme-light'))).toBe(true)
    expect(await page.inputValue(id('language'))).toBe('fr')
    await page.click(id('nav-home'))
    const [trending] = await Promise.all([
      page.waitForResponse((answer) => answer.url().includes('/trending-all-')),
      page.goto(session.app.url),
    ])
    expect(trending.url()).toContain('trending-all-fr.json')
    await close()
  })

  it('say what is running and where titles come from', async () => {
    const { page, close } = await open('/settings')
    await page.click(id('to-about'))
    await page.locator(id('store'), { hasText: SELF_HOSTED ? 'SQLite' : 'DynamoDB' }).waitFor()
    expect(await page.textContent(id('version'))).toMatch(/^\d+\.\d+\.\d+/)
    expect(await page.textContent(id('catalogue'))).toBe(says('about.catalogues.sample'))
    expect(await page.textContent('main')).toContain('not endorsed or certified by TMDB')
    await page.getByRole('img', { name: /TMDB/ }).waitFor()
    await close()
  })
})

describe('installing', () => {
  it('has a manifest with icons of the sizes it names', async () => {
    const tab = await openTab(session.browser, 'phone', 'en')
    await tab.page.goto(`${session.app.url}/sign-in`)
    const cdp = await tab.context.newCDPSession(tab.page)
    const { errors, manifest } = await cdp.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(manifest.name).toBe('Stellarr')
    const { icons }: { icons: { src: string; sizes: string }[] } = JSON.parse(
      await (await fetch(`${session.app.url}/manifest.webmanifest`)).text(),
    )
    for (const { src, sizes } of icons) {
      const bytes = Buffer.from(await (await fetch(session.app.url + src)).arrayBuffer())
      // Width and height of a PNG stand in its first chunk.
      expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes)
    }
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
    expect(installabilityErrors.map((error) => error.errorId)).not.toContain('no-icon-available')
    await tab.close()
  })
})
