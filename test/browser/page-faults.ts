import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { VIEWS, type View } from './browse-app.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong, in short. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = (await page.evaluate('axe.run()')) as AxeResults
  return found.violations.flatMap(({ id: rule, nodes }) => nodes.map((node) => `${rule}: ${node.html.slice(0, 160)}`))
}

/** Faults of a page that is wider than its window: at 320 px, and at 200 % zoom of the desktop's 1280. */
export async function tooWide(page: Page, view: View): Promise<string[]> {
  const faults: string[] = []
  const full = VIEWS[view]
  for (const width of view === 'phone' ? [320] : [640]) {
    await page.setViewportSize({ width, height: full.height })
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
    if (wide > width) faults.push(`${wide} px wide in a window of ${width}`)
  }
  await page.setViewportSize(full)
  return faults
}

/**
 * Waits until nothing moves: colours that are half-way through a motion are nobody's fault. What has just come begins its
 * motion a frame or two later, and one that is called off has come to its end too.
 */
export const STILL = `(async () => {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const ends = (motion) => motion.effect.getComputedTiming().iterations !== Infinity
  const moving = () => document.getAnimations().filter((motion) => motion.playState === 'running' && ends(motion))
  do {
    await Promise.all(moving().map((motion) => motion.finished.catch(() => {})))
    await frames()
  } while (moving().length > 0)
})()`
