import { makePassword } from '@stellarr/http/make-secrets'
import { BadSetting, FORMER_NAMES } from '@stellarr/http/settings'
import { Refused } from '../backup/refused.ts'
import { tellPerson } from '../output.ts'
import { fileSettingOf } from '../secret-files.ts'
import { type Password, passwordsWereShown, storePassword } from '../secrets.ts'
import { readSettings } from '../settings.ts'
import type { Command } from './command-line.ts'

/** `stellarr password`. */
export const password: Command = {
  usage: 'password [household|admin] [NEW]',
  line: 'sets a new password',
  help: `Everybody who signed in with the old one has to sign in again. Restart the app afterwards.
Without a new password one is made and printed.`,

  async run([who = 'household', given, ...more], { env }) {
    if (who !== 'household' && who !== 'admin') throw new Refused(`Say household or admin, not "${who}".`)
    if (more.length > 0) throw new Refused('One new password was expected: put one with blanks in quotes.')
    const variable = who === 'household' ? 'PRESHARED_PASSWORD' : 'ADMIN_PASSWORD'
    const names = [variable, fileSettingOf(variable), FORMER_NAMES[variable] ?? variable]
    const set = names.find((name) => env[name])
    if (set !== undefined) throw new BadSetting(`${set} is set in the environment or .env: change it there.`)
    const fresh = given ?? makePassword()
    const { dataDir } = readSettings({ ...env, [variable]: fresh })
    const name: Password = who === 'household' ? 'householdPassword' : 'adminPassword'
    storePassword(dataDir, name, fresh, given === undefined)
    const shown = given === undefined ? fresh : '(as given)'
    const wasTaken = await tellPerson(`New ${who} password: ${shown}. Restart the app to use it.`)
    if (given !== undefined) return
    if (!wasTaken)
      throw new BadSetting(`The new ${who} password could not be written here: the app shows it at its start.`)
    passwordsWereShown(dataDir, new Set([name]))
  },
}
