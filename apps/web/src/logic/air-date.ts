/**
 * The day of the next episode as people write it, "Fri, Dec 5"; undefined when none is known, or it has passed.
 * @param now epoch ms
 */
export function nextDay(day: string | null, locale: string, now = Date.now()): string | undefined {
  if (day === null || day < new Date(now).toISOString().slice(0, 10)) return undefined
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' })
  return format.format(new Date(day))
}

/** A day in a sentence, "December 1"; with its year when that is another. @param iso ISO 8601 time @param now epoch ms */
export function dayOf(iso: string, locale: string, now = Date.now()): string {
  const at = new Date(iso)
  const isThisYear = at.getUTCFullYear() === new Date(now).getUTCFullYear()
  const year = isThisYear ? {} : { year: 'numeric' as const }
  return new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone: 'UTC', ...year }).format(at)
}
