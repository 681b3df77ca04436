import { pickLanguage } from '@stellarr/core/rules'
import { createI18n } from 'vue-i18n'
import de from './locales/de.json'
import en from './locales/en.json'
import es from './locales/es.json'
import fr from './locales/fr.json'

const language = pickLanguage(navigator.languages.join(','))
document.documentElement.lang = language

/** The texts in the browser's language; English where a key were missing. */
export const i18n = createI18n({ legacy: false, locale: language, fallbackLocale: 'en', messages: { en, es, fr, de } })

/** The language in use, for requests and dates. */
export const currentLanguage = () => language
