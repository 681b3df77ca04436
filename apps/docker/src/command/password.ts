import { makePassword } from '@stellarr/http/make-secrets'
import { BadSetting, FORMER_NAMES } from '@stellarr/http/settings'
import { loadEnvFile } from './env-file.ts'
import { storePasswords } from './secrets.ts'
import { readSettings } from './settings.ts'

const HELP = `Sets a new password; everybody who signed in with the old one has to sign in again. Restart the app afterwards.

Usage: npm run password -- [household|admin] [new password]
Without a new password one is made and printed.`

/** The command line of \`npm run password\`. */
function main(): void {
  const [who = 'household', given] = process.argv.slice(2)
  if (who === '--help' || (who !== 'household' && who !== 'admin')) {
    console.log(HELP)
    return
  }
  loadEnvFile()
  const variable = who === 'household' ? 'PRESHARED_PASSWORD' : 'ADMIN_PASSWORD'
  const set = [variable, FORMER_NAMES[variable] ?? variable].find((name) => process.env[name])
  if (set !== undefined) throw new BadSetting(`${set} is set in the environment or .env: change it there.`)
  const password = given ?? makePassword()
  const { dataDir } = readSettings({ ...process.env, [variable]: password })
  storePasswords(dataDir, who === 'household' ? { householdPassword: password } : { adminPassword: password })
  console.log(`New ${who} password: ${given === undefined ? password : '(as given)'}. Restart the app to use it.`)
}

try {
  main()
} catch (error) {
  console.error(error instanceof BadSetting ? error.message : error)
  process.exit(1)
}
