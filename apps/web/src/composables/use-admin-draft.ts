import type { AdminSettingsAnswer } from '@stellarr/http/wire'
import { computed, type Ref, reactive, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { toasts } from '../state/index.ts'
import { useSaving } from './use-saving.ts'

interface Part<Draft, Wanted> {
  /** The settings as they are now. */
  settings: () => AdminSettingsAnswer
  /** A fresh draft of this part of them. */
  draftOf: (settings: AdminSettingsAnswer) => Draft
  /** What the draft would save: nothing has changed while this is as it was. */
  wantedOf: (draft: Draft) => Wanted
  save: (wanted: Wanted) => Promise<AdminSettingsAnswer>
  /** Told what the settings are once they are saved. */
  saved: (settings: AdminSettingsAnswer) => void
}

/** What a panel shows of the draft, whatever is in it. */
export interface Editing {
  /** Saving would change something. */
  readonly changed: boolean
  readonly busy: boolean
  /** What went wrong with saving. */
  readonly failure: unknown
  /** Puts everything back as it was. */
  reset(): void
  confirm(): Promise<void>
}

/** A part of the admin's settings while it is edited. */
export function useAdminDraft<Draft, Wanted>({
  settings,
  draftOf,
  wantedOf,
  save,
  saved,
}: Part<Draft, Wanted>): Editing & { draft: Draft } {
  const { t } = useI18n()
  const saving = useSaving()
  const draft = ref(draftOf(settings())) as Ref<Draft>
  const asText = (one: Draft) => JSON.stringify(wantedOf(one))
  const asSaved = computed(() => asText(draftOf(settings())))
  const changed = computed(() => asText(draft.value) !== asSaved.value)

  function begin(answer: AdminSettingsAnswer): void {
    draft.value = draftOf(answer)
    saving.failure.value = undefined
  }
  const reset = () => begin(settings())
  // By what they say: saving another part answers the same settings anew, which is no reason to lose a draft.
  watch(asSaved, reset)

  async function confirm(): Promise<void> {
    const answer = await saving.save(() => save(wantedOf(draft.value)))
    if (!answer) return
    saved(answer)
    begin(answer)
    toasts.show({ tone: 'good', text: t('admin.saved') })
  }

  const { busy, failure } = saving
  return reactive({ draft, changed, busy, failure, reset, confirm }) as Editing & { draft: Draft }
}
