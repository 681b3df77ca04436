import type { AdminSettingsAnswer } from '@stellarr/http/wire'
import { useI18n } from 'vue-i18n'
import { toasts } from '../state/index.ts'
import { useSaving } from './use-saving.ts'

/**
 * Saves a part of the admin's settings and says so.
 * @param saved told what the settings are then
 */
export function useAdminSaving(saved: (settings: AdminSettingsAnswer) => void) {
  const { busy, failure, save } = useSaving()
  const { t } = useI18n()

  async function confirm(change: () => Promise<AdminSettingsAnswer>): Promise<void> {
    const answer = await save(change)
    if (!answer) return
    saved(answer)
    toasts.show({ tone: 'good', text: t('admin.saved') })
  }

  return { busy, failure, confirm }
}
