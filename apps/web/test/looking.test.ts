import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLooking } from '../src/state/looking.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const SECOND = 1_000
const MINUTE = 60_000

function openPage() {
  const page = { visible: true, reached: true }
  const looking = createLooking({ isVisible: () => page.visible, isReached: () => page.reached })
  const began = performance.now()
  let looks: string[] = []
  looking.tell((back) => looks.push(`${(performance.now() - began) / SECOND}${back ? ' back' : ''}`))
  looking.plan()
  return {
    page,
    looking,
    /** The looks of so long: when each was, in seconds since the page was opened. */
    async looksOf(ms: number): Promise<string[]> {
      looks = []
      await vi.advanceTimersByTimeAsync(ms)
      return looks
    },
    /** Those that something leads to at once. */
    looksAt(act: () => void): string[] {
      looks = []
      act()
      return looks
    },
  }
}

describe('an open page looks', () => {
  it('every 20 seconds', async () => {
    const { looksOf } = openPage()
    expect(await looksOf(MINUTE)).toEqual(['20', '40', '60'])
  })

  it('every minute once nobody has touched it for ten minutes, and at once when somebody does', async () => {
    const { looking, looksOf } = openPage()
    expect((await looksOf(10 * MINUTE)).length).toBe(30)
    expect(await looksOf(2 * MINUTE)).toEqual(['660', '720'])
    await looksOf(30 * SECOND)
    looking.use()
    expect(await looksOf(25 * SECOND)).toEqual(['750', '770'])
  })

  it('no sooner when it is touched again and again', async () => {
    const { looking, looksOf } = openPage()
    const looks: string[] = []
    for (let second = 0; second < 41; second += 1) {
      looking.use()
      looks.push(...(await looksOf(SECOND)))
    }
    expect(looks).toEqual(['20', '40'])
  })

  it('never while it is hidden, and at once when it is opened again', async () => {
    const { page, looking, looksOf, looksAt } = openPage()
    page.visible = false
    expect(looksAt(looking.comeBack)).toEqual([])
    looking.use()
    expect(await looksOf(60 * MINUTE)).toEqual([])
    // The network is back, and nobody sees it.
    expect(looksAt(looking.comeBack)).toEqual([])
    page.visible = true
    expect(looksAt(looking.comeBack)).toEqual(['3600 back'])
    looking.use()
    expect(await looksOf(40 * SECOND)).toEqual(['3620', '3640'])
  })

  it('less and less often while the server is not reached, and as before once it is', async () => {
    const { page, looking, looksOf, looksAt } = openPage()
    await looksOf(20 * SECOND)
    page.reached = false
    looking.plan()
    expect(await looksOf(4 * MINUTE)).toEqual(['23', '29', '41', '65', '113', '173', '233'])
    expect(looksAt(looking.comeBack)).toEqual(['260 back'])
    expect(await looksOf(15 * SECOND)).toEqual(['263', '269'])
    page.reached = true
    looking.plan()
    expect(await looksOf(20 * SECOND)).toEqual(['289'])
  })

  it('whatever becomes of the time of day', async () => {
    const { looksOf } = openPage()
    vi.setSystemTime(Date.now() - 3 * 60 * MINUTE)
    expect(await looksOf(MINUTE)).toHaveLength(3)
  })

  it('for all who are told, until they are not', async () => {
    const { looking, looksOf } = openPage()
    const work = vi.fn()
    const stop = looking.tell(work)
    await looksOf(20 * SECOND)
    stop()
    await looksOf(20 * SECOND)
    expect(work).toHaveBeenCalledExactlyOnceWith(false)
  })
})
