import { useI18n } from 'vue-i18n'
import { ago } from '../logic/relative-time.ts'
import { clock } from '../state/clock.ts'
import { connection } from '../state/connection.ts'

/**
 * Says how long ago something was by the server's clock. It counts on by itself: to be called in a `computed`, so that
 * what shows it is drawn again only when the words are others.
 */
export function useAgo(): (iso: string) => string {
  const { t, locale } = useI18n()
  return (iso) => ago(iso, { t, locale: locale.value, now: clock.value + connection.clockAhead })
}
