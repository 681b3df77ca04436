import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { loadTexts } from './locales/index.ts'
import { preferences } from './state/preferences.ts'

/** The texts in the chosen language. A check holds every language against English, so that none lacks a key. */
export const i18n = createI18n<false>({ legacy: false, locale: preferences.language, missingWarn: false })

/** Translates outside of components. */
export const { t } = i18n.global

/** Loads a language and switches to it. */
export async function speak(language: string): Promise<void> {
  i18n.global.setLocaleMessage(language, await loadTexts(language))
  i18n.global.locale.value = language
}

watch(
  () => preferences.language,
  (language) => void speak(language).catch(() => undefined),
)
