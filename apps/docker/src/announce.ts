import { tellPerson } from './output.ts'
import { passwordsWereShown } from './secrets.ts'
import type { Settings } from './settings.ts'
import type { RunningApp } from './start.ts'

/**
 * Prints, once per start and outside the log, where the app is and the passwords that nobody has seen yet. They count
 * as seen once standard output has taken them.
 */
export async function announce(app: RunningApp, settings: Settings): Promise<void> {
  const address = settings.baseUrls[0] ?? `http://localhost:${app.port}`
  const lines = ['', '  Stellarr is running', `  ${address}`, '']
  if (app.unseen.has('householdPassword'))
    lines.push(`  Password for your household:  ${app.secrets.householdPassword}`)
  if (app.unseen.has('adminPassword')) lines.push(`  Password for you, the admin:  ${app.secrets.adminPassword}`)
  if (app.unseen.size > 0) {
    lines.push(
      '  Shown this once; "npm run password" sets new ones.',
      '  In a container that is "stellarr password", and its log keeps these until it is made anew.',
      '',
    )
  }
  if (app.catalogue === 'sample') {
    lines.push(
      '  Sample catalog in use. For all titles, enter a TMDB key (free at themoviedb.org) on the admin page, or set TMDB_API_KEY.',
      '',
    )
  }
  if (!(await tellPerson(lines.join('\n'))) || app.unseen.size === 0) return
  try {
    passwordsWereShown(settings.dataDir, app.unseen)
  } catch {
    // A full disk: the next start shows them once more.
  }
}
