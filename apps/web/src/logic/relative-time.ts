const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago in the person's words: "3 days ago". @param iso ISO 8601 time @param now epoch ms */
export function ago(iso: string, locale: string, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const passed = Math.max(0, now - Date.parse(iso))
  const [unit, ms] = UNITS.find(([, size]) => passed >= size) ?? ['second', Number.POSITIVE_INFINITY]
  return format.format(-Math.floor(passed / ms), unit)
}
