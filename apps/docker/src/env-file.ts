import { existsSync } from 'node:fs'
import { BadSetting } from '@stellarr/http/settings'

/**
 * Adds the lines of a `.env` file in the current folder to the environment, which comes first. Nothing happens without
 * one. Throws `BadSetting` when it cannot be read, as by the user of a container.
 */
export function loadEnvFile(): void {
  if (!existsSync('.env')) return
  try {
    process.loadEnvFile('.env')
  } catch {
    throw new BadSetting('.env: expected a file that can be read by the user that runs this.')
  }
}
