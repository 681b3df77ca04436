import type { Clock } from '@stellarr/core'
import type { Environment } from '@stellarr/http/settings'
import { readParameter } from './settings.ts'

/** How long settings of the parameter are used before it is read again. */
const FRESH_MS = 5 * 60_000

export interface Surroundings {
  env: Environment
  /** The value of an SSM parameter by name. */
  load: (name: string) => Promise<string>
  clock: Clock
  /** Writes a line to the log, before there is a logger. */
  say: (line: string) => void
}

const LAMBDA: Surroundings = {
  env: process.env,
  load: async (name) => (await import('./load-parameter.ts')).loadParameter(name),
  clock: { now: () => Date.now() },
  say: (line) => console.error(line),
}

/**
 * The function's settings: from the environment, else from the parameter that SETTINGS_PARAMETER names. They are the
 * same object for as long as nothing has changed. Once read they outlive a parameter that cannot be read or is wrong;
 * before that the function says in one line what stops it, and throws.
 */
export function settingsSource<Settings>(
  read: (env: Environment) => Settings,
  { env, load, clock, say }: Surroundings = LAMBDA,
): () => Promise<Settings> {
  const own = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parameter = own.SETTINGS_PARAMETER?.trim()
  let kept: { settings: Settings; json: string; at: number } | undefined

  return async () => {
    const at = clock.now()
    if (kept && (parameter === undefined || at - kept.at < FRESH_MS)) return kept.settings
    try {
      const json = parameter === undefined ? '{}' : await load(parameter)
      const settings = kept?.json === json ? kept.settings : read({ ...readParameter(json), ...own })
      kept = { settings, json, at }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!kept) {
        say(`stellarr cannot start. ${reason}`)
        throw error
      }
      say(`settings stay as they were. ${reason}`)
      kept.at = at
    }
    return kept.settings
  }
}
