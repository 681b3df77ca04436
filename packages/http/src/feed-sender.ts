import {
  addressText,
  appOf,
  Fault,
  type FeedName,
  type FeedSettings,
  findProfile,
  isFault,
  type UseCases,
} from '@stellarr/core'
import type { Request, Response } from 'express'
import { feedKeyOf } from './access.ts'
import type { AppOptions } from './app-options.ts'
import { HttpError } from './http-error.ts'
import { oneText } from './parse.ts'
import type { RevisionCache } from './revision-cache.ts'

/** Reads of the store's rows that one key may cause in a minute; what is kept is sent to anybody at any rate. */
const READS_A_MINUTE = 600
const MINUTE_MS = 60_000

/** Counts reads a key and minute; 429 beyond the cap. Keys are few: only valid ones come here. */
function readCap() {
  let minute = 0
  const counts = new Map<string, number>()
  return (key: string, now: number): void => {
    const present = Math.floor(now / MINUTE_MS)
    if (present !== minute) counts.clear()
    minute = present
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= READS_A_MINUTE) return
    const retryAfter = Math.max(1, Math.ceil(((present + 1) * MINUTE_MS - now) / 1000))
    throw new HttpError(429, 'too_many_reads', 'This key has read the feeds too often in this minute.', { retryAfter })
  }
}

/** The profile that `?profile=` names by id or name; 404 for an unknown one, since an empty list would be dangerous. */
export function profileIn(req: Request, settings: FeedSettings): number | undefined {
  const given = oneText(req.query.profile, 'profile')
  if (given === undefined) return undefined
  const profile = findProfile(settings, given)
  if (!profile) {
    throw new HttpError(
      404,
      'unknown_profile',
      'profile: expected the id of a quality profile, or a name that only one has had.',
      {
        field: 'profile',
      },
    )
  }
  return profile.id
}

/** Runs what answers a client. Whatever goes wrong, it must see a server that is down, and try again. */
export async function orUnavailable(options: AppOptions, feed: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isFault(error) || error instanceof HttpError) throw error
    options.logger.error('feed failed', { feed }, error)
    throw new Fault('storage_unavailable', 'The feed cannot be read just now. Try again.')
  }
}

/** Makes the one function that sends a list to a client and notes who read it. */
export function feedSender(useCases: UseCases, options: AppOptions, cache: RevisionCache) {
  const cap = readCap()
  return (req: Request, res: Response, feed: FeedName): Promise<void> =>
    orUnavailable(options, feed, async () => {
      const key = feedKeyOf(req)
      const version = await useCases.feedVersion()
      const address = { feed, profileId: profileIn(req, version.settings) }
      const make = () => useCases.readFeed(address, version)
      const kept = await cache.load(`feed ${addressText(address)}`, version.text, make, () => cap(key.id, version.at))
      await cache.send(req, res, kept, 'list')
      if (req.method === 'HEAD') return
      options.metrics?.listRead(feed)
      useCases.noteRead({
        ...address,
        ...appOf(req.get('user-agent')),
        keyId: key.id,
        oldKey: key.old,
        rows: kept.made.rows,
      })
    })
}

export type FeedSender = ReturnType<typeof feedSender>
