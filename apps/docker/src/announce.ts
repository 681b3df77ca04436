import type { Settings } from './settings.ts'
import type { RunningApp } from './start.ts'

/** Prints, once per start and outside the log, where the app is and, at first start, its passwords. */
export function announce(app: RunningApp, settings: Settings): void {
  const address = settings.baseUrls[0] ?? `http://localhost:${app.port}`
  const lines = ['', '  Stellarr is running', `  ${address}`, '']
  if (app.made.has('householdPassword')) lines.push(`  Password for your household:  ${app.secrets.householdPassword}`)
  if (app.made.has('adminPassword')) lines.push(`  Password for you, the admin:  ${app.secrets.adminPassword}`)
  if (app.made.has('householdPassword') || app.made.has('adminPassword')) {
    lines.push('  Shown this once; "npm run password" sets new ones (in a container: "node dist/password.mjs").', '')
  }
  if (app.catalogue === 'sample') {
    lines.push('  Sample catalogue in use: set TMDB_API_KEY (free at themoviedb.org) in .env for all titles.', '')
  }
  console.log(lines.join('\n'))
}
