// Runs before the first paint and before the app is there: shows the theme and language that were chosen on this device
// and has what the first page needs fetched beside the app, not after it. Keys and names as in src/state; it may fail
// without harm, the app does all of it again.
try {
  const root = document.documentElement
  const theme = localStorage.getItem('stellarr.theme')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme

  const { texts: files = '{}', catalogue = 'en' } = document.currentScript.dataset
  const texts = JSON.parse(files)
  const known = (isIt) => Object.keys(texts).find((one) => isIt(one.toLowerCase()))
  const own = (parts) => parts.length > 0 && (known((one) => one === parts.join('-')) ?? own(parts.slice(0, -1)))
  const textsFor = (tag) => {
    const parts = tag.toLowerCase().split('-')
    return own(parts) || known((one) => one.split('-')[0] === parts[0])
  }
  const kept = localStorage.getItem('stellarr.language')
  const language = texts[kept] ? kept : [...navigator.languages, 'en'].map(textsFor).find(Boolean)
  const fetchEarly = (rel, href) => {
    const link = Object.assign(document.createElement('link'), { rel, href, crossOrigin: 'anonymous' })
    if (rel === 'preload') link.as = 'fetch'
    document.head.append(link)
  }
  if (language) {
    root.lang = language
    fetchEarly('modulepreload', texts[language])
    if (location.pathname === '/' && localStorage.getItem('stellarr.session')) {
      const [base] = language.split('-')
      const spoken = catalogue.split(' ').includes(base) ? base : 'en'
      for (const row of ['all', 'movie', 'tv']) fetchEarly('preload', `/trending-${row}-${spoken}.json`)
    }
  }
} catch {
  // Storage is forbidden here.
}
