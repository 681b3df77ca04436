import { pickLanguage } from '@stellarr/core/rules'
import { reactive, watchEffect } from 'vue'
import { APP_LANGUAGES, type AppLanguage } from '../locales/index.ts'
import { appLanguageFor } from '../logic/app-language.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** `--back` of both themes, as in styles/tokens.css. */
const BAR_COLOURS = { light: '#f8f6f1', dark: '#0f0d1a' }

/** Read by `public/boot.js` too, before the first paint. */
const KEYS = { language: 'stellarr.language', theme: 'stellarr.theme' }

function kept<Value extends string>(key: string, known: readonly Value[]): Value | undefined {
  const stored = localStorage.getItem(key)
  return known.find((value) => value === stored)
}

/** What a person chose on this device: the browser's language and the system's theme until then. */
export const preferences = reactive<{ language: AppLanguage; theme: Theme }>({
  language: kept(KEYS.language, APP_LANGUAGES) ?? appLanguageFor(navigator.languages, APP_LANGUAGES),
  theme: kept(KEYS.theme, THEMES) ?? 'auto',
})

/** The catalogue's language that comes nearest to the app's: the app may speak more than the catalogue is kept in. */
export const catalogueLanguage = () => pickLanguage(preferences.language)

/** Shows and keeps a chosen language. */
export function chooseLanguage(language: AppLanguage): void {
  preferences.language = language
  localStorage.setItem(KEYS.language, language)
}

/** Shows and keeps a chosen theme. */
export function chooseTheme(theme: Theme): void {
  preferences.theme = theme
  localStorage.setItem(KEYS.theme, theme)
}

watchEffect(() => {
  document.documentElement.lang = preferences.language
  document.documentElement.dataset.theme = preferences.theme
  // The browser's own bar takes the colour of the page: of the system's theme unless another was chosen.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('light') ? 'light' : 'dark'
    meta.content = BAR_COLOURS[preferences.theme === 'auto' ? own : preferences.theme]
  }
})
