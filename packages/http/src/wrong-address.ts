import { appOf, FEEDS, type FeedName, wrongAppAt, wrongBaseAt } from '@stellarr/core'
import type { Request } from 'express'
import { type Guard, neverKept, publicBase } from './access.ts'
import { FEED_PATHS } from './feed-help.ts'
import { HttpError } from './http-error.ts'

const NAMES = { radarr: 'Radarr', sonarr: 'Sonarr' } as const
const nameOf = (feed: FeedName) => NAMES[FEEDS[feed].client]
const programOf = (req: Request) => appOf(req.get('user-agent')).app

/** Refuses Radarr at a list or menu of Sonarr's and the reverse (400 `wrong_app`). Comes after `requireFeedToken`. */
export const requireRightApp =
  (feed: FeedName, baseUrls: readonly string[]): Guard =>
  (req) => {
    const right = wrongAppAt(feed, programOf(req))
    if (right === undefined) return
    const address = publicBase(req, baseUrls) + FEED_PATHS[right]
    throw new HttpError(400, 'wrong_app', `This is ${nameOf(feed)}’s list. ${nameOf(right)}’s address is ${address}.`)
  }

/**
 * Refuses a client whose address lacks its base or has too much of it (404 `wrong_base`). Comes before any key is looked
 * at: a 401 would send people to look for a fault in a key that has none.
 */
export const requireRightBase =
  (baseUrls: readonly string[]): Guard =>
  (req, res) => {
    const meant = wrongBaseAt(req.path, programOf(req))
    if (meant === undefined) return
    void neverKept(req, res)
    const base = publicBase(req, baseUrls)
    const addresses = meant.map((feed) => `${nameOf(feed)}’s address is ${base}${FEED_PATHS[feed]}`)
    throw new HttpError(404, 'wrong_base', `No list is at this address. ${addresses.join(', ')}.`)
  }
