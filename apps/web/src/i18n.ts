import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import de from './locales/de.json'
import en from './locales/en.json'
import es from './locales/es.json'
import fr from './locales/fr.json'
import { preferences } from './preferences.ts'

/** The texts in the chosen language; English where a key were missing. */
export const i18n = createI18n({
  legacy: false,
  locale: preferences.language,
  fallbackLocale: 'en',
  messages: { en, es, fr, de },
})

watchEffect(() => {
  i18n.global.locale.value = preferences.language
})
