// Runs before the first paint and before the app is there: shows the theme and language that were chosen on this device
// and has what the first page needs fetched beside the app, not after it. Keys and names as in src/state; it may fail
// without harm, the app does all of it again.
try {
  const root = document.documentElement
  const theme = localStorage.getItem('stellarr.theme')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme

  const { texts: files = '{}', catalogue = 'en' } = document.currentScript.dataset
  const texts = JSON.parse(files)
  const wished = [localStorage.getItem('stellarr.language'), ...navigator.languages.map((tag) => tag.slice(0, 2)), 'en']
  const language = wished.find((one) => one && texts[one])
  const fetchEarly = (rel, href) => {
    const link = Object.assign(document.createElement('link'), { rel, href, crossOrigin: 'anonymous' })
    if (rel === 'preload') link.as = 'fetch'
    document.head.append(link)
  }
  if (language) {
    root.lang = language
    fetchEarly('modulepreload', texts[language])
    if (location.pathname === '/' && localStorage.getItem('stellarr.session')) {
      const spoken = catalogue.split(' ').includes(language) ? language : 'en'
      for (const row of ['all', 'movie', 'tv']) fetchEarly('preload', `/trending-${row}-${spoken}.json`)
    }
  }
} catch {
  // Storage is forbidden here.
}
