// The bench's look at the web app: home as a slow phone sees it. A CPU slowed four times, a line of 1.6 Mbit/s with 150 ms.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const CPU_SLOWED = 4
const LINE = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }
const RUNS = 5
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Watches what the page paints, moves and fetches; put in before anything of it runs. */
const WATCH = `globalThis.seen = { shift: 0 }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  new MutationObserver(() => {
    if (seen.titles === undefined && document.querySelector('[data-testid="title-card"]')) {
      requestAnimationFrame(() => setTimeout(() => { seen.titles ??= performance.now() }))
    }
  }).observe(document, { childList: true, subtree: true })`

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

/**
 * Prints first paint, titles visible, layout shift, requests and bytes of a first visit to home with a session, medians
 * of five. @param url of a running app @param session what the web app keeps of a session
 */
export async function measureWeb(url, session) {
  if (!existsSync(CHROMIUM)) {
    console.log('web app: not run (no Chromium found; set CHROMIUM_PATH)')
    return
  }
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  const runs = []
  for (let run = 0; run < RUNS; run += 1) {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      serviceWorkers: 'block',
    })
    const page = await context.newPage()
    await page.goto(`${url}/boot.js`)
    await page.evaluate(`localStorage.setItem('stellarr.session', ${JSON.stringify(JSON.stringify(session))})`)
    const cdp = await context.newCDPSession(page)
    await cdp.send('Network.clearBrowserCache')
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', LINE)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWED })
    let requests = 0
    let bytes = 0
    page.on('request', () => {
      requests += 1
    })
    cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await page.addInitScript(WATCH)
    // Nothing is asked of the page meanwhile: what the browser driver does in it would be slowed, and counted, too.
    await page.goto(`${url}/`, { waitUntil: 'networkidle' })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const seen = await page.evaluate(
      `({ ...seen, paint: performance.getEntriesByName('first-contentful-paint')[0].startTime })`,
    )
    runs.push({ ...seen, requests, bytes })
    await context.close()
  }
  await browser.close()
  const of = (name) => median(runs.map((run) => run[name]))
  console.log('\nhome on a slow phone (CPU 4 times slowed, 1.6 Mbit/s, 150 ms), first visit, medians of 5')
  console.log(`  first paint      ${of('paint').toFixed(0).padStart(8)} ms   (aim: at most 1,500)`)
  console.log(`  titles visible   ${of('titles').toFixed(0).padStart(8)} ms   (aim: at most 2,500)`)
  console.log(`  layout shift     ${of('shift').toFixed(3).padStart(8)}      (aim: at most 0.02)`)
  console.log(`  requests         ${String(of('requests')).padStart(8)}      (aim: under 30)`)
  console.log(`  transferred      ${(of('bytes') / 1000).toFixed(0).padStart(8)} kB`)
}
