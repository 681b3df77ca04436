import { LANGUAGES, type Language, pickLanguage } from '@stellarr/core/rules'
import { reactive, watchEffect } from 'vue'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEYS = { language: 'stellarr.language', theme: 'stellarr.theme' }

function kept<Value extends string>(key: string, known: readonly Value[]): Value | undefined {
  const stored = localStorage.getItem(key)
  return known.find((value) => value === stored)
}

/** What a person chose on this device: the browser's language and the system's theme until then. */
export const preferences = reactive<{ language: Language; theme: Theme }>({
  language: kept(KEYS.language, LANGUAGES) ?? pickLanguage(navigator.languages.join(',')),
  theme: kept(KEYS.theme, THEMES) ?? 'auto',
})

/** Shows and keeps a chosen language. */
export function chooseLanguage(language: Language): void {
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
})
