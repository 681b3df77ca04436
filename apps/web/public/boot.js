// Before the first paint: the theme and language that were chosen on this device (keys as in src/state/preferences.ts).
try {
  const root = document.documentElement
  const theme = localStorage.getItem('stellarr.theme')
  const language = localStorage.getItem('stellarr.language')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  if (language && /^[a-z]{2}$/.test(language)) root.lang = language
} catch {
  // Storage is forbidden here: the system's theme it is.
}
