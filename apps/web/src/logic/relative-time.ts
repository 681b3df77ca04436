import type { Speaker } from './how-far.ts'

const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago in the person's words: "just now", "3 min ago", "3 days ago". @param iso ISO 8601 time */
export function ago(iso: string, { t, locale, now = Date.now() }: Speaker): string {
  const passed = now - Date.parse(iso)
  const found = UNITS.find(([, size]) => passed >= size)
  if (!found) return t('ago.now', {}, 1)
  const [unit, ms] = found
  const n = Math.floor(passed / ms)
  if (unit === 'minute') return t('ago.minutes', { n }, n)
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-n, unit)
}
