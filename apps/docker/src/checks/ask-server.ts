import { type Clock, sessionTokens } from '@stellarr/core'
import { type CheckRow, checksAnswer, readyAnswer } from '@stellarr/http'
import * as v from 'valibot'
import { localUrl } from '../health-url.ts'
import { readSigningSecrets } from '../secrets.ts'
import type { Settings } from '../settings.ts'

/** It may ask TMDB and TVDB first. */
const LIMIT_MS = 30_000
const READY_LIMIT_MS = 5_000

const get = (settings: Settings, path: string, limitMs: number, token?: string) =>
  fetch(localUrl(settings) + path, {
    signal: AbortSignal.timeout(limitMs),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

/**
 * The checks of the server that runs with these settings on this machine, asked as the admin, whose session anybody can
 * make who can read the data folder; a sentence where it does not answer them.
 */
export async function askServer(settings: Settings, clock: Clock): Promise<CheckRow[] | string> {
  const secrets = readSigningSecrets(settings)
  if (!secrets) return 'The secrets that it signs with are not here. Run this where Stellarr runs, with its settings.'
  const { appSecretKey, householdPassword: household, adminPassword: admin } = secrets
  const token = await sessionTokens({ appSecretKey, passwords: { household, admin }, clock }).issue(
    'admin',
    'doctor',
    clock.now(),
  )
  try {
    const answer = await get(settings, '/api/admin/checks', LIMIT_MS, token)
    if (answer.status === 401) {
      return 'It was started with another password or key than what is set now. Restart it.'
    }
    const read = v.safeParse(checksAnswer, answer.ok ? await answer.json() : undefined)
    return read.success ? read.output : `It answers ${answer.status} at ${localUrl(settings)}. Read its log.`
  } catch {
    return `It does not answer at ${localUrl(settings)}. Run this where Stellarr runs, or restart it.`
  }
}

/** Whether the lists of the running server are open; undefined where it does not say. */
export async function askReady(settings: Settings): Promise<'open' | 'closed' | undefined> {
  try {
    const answer = await get(settings, '/api/ready', READY_LIMIT_MS)
    const read = v.safeParse(readyAnswer, await answer.json())
    return read.success ? read.output.feeds : undefined
  } catch {
    return undefined
  }
}
