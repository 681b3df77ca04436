/** The clients' own clock for lists ticks that often, in minutes. */
const TICK = 5

/**
 * How long a client takes to find a request, in words: how often it looks, and the longest wait. Beyond hours the ticks
 * of its clock no longer count, so there is no second figure.
 */
export function delayOf(refreshMinutes: number, locale: string): { every: string; within: string | undefined } {
  const say = (value: number, unit: 'minute' | 'hour') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
  if (refreshMinutes < 60) return { every: say(refreshMinutes, 'minute'), within: say(refreshMinutes + TICK, 'minute') }
  return { every: say(Math.round(refreshMinutes / 60), 'hour'), within: undefined }
}
