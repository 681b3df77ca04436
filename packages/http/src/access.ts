import { isPrivateHost, type Session, type UseCases } from '@stellarr/core'
import type { Request, RequestHandler, Response } from 'express'
import type { AppOptions, TokenName } from './app-options.ts'
import { HttpError } from './http-error.ts'
import { tokenMatcher } from './token-matcher.ts'

/** What stands before a handler: throws for whoever may not come in. */
export type Guard = (req: Request, res: Response) => void | Promise<void>

/** A guard before a whole part of the site. */
export const before =
  (guard: Guard): RequestHandler =>
  async (req, res, next) => {
    await guard(req, res)
    next()
  }

/**
 * A machine's token: `X-Api-Key` or bearer header, else `token=` or, as Radarr and Sonarr call it, `apikey=` in the
 * query; repeated values count as none.
 */
export function givenToken(req: Request): string | undefined {
  const header = headerToken(req)
  if (header !== undefined) return header
  const query: unknown = req.query.token ?? req.query.apikey
  return typeof query === 'string' ? query : undefined
}

/** A token that is in a header, where no log of addresses shows it. */
export const headerToken = (req: Request): string | undefined => req.get('x-api-key') ?? bearer(req)

function bearer(req: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '')?.[1]
}

/** The password of HTTP basic authentication, which Sonarr and Radarr can send; the name is free. */
function basicPassword(req: Request): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(req.get('authorization') ?? '')?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : text.slice(colon + 1)
}

/** The token that a sender of webhooks brings: as every machine does, or as the password of HTTP basic authentication. */
export const webhookToken = (req: Request): string | undefined => givenToken(req) ?? basicPassword(req)

/** The setting of a machine's token. */
const settingOf = (name: TokenName) => (name === 'sync' ? 'SYNC_TOKEN' : `${name.toUpperCase()}_WEBHOOK_TOKEN`)

/** Lets through whoever brings a token of one of `names`; 401 otherwise, naming the setting of the first. */
export function requireToken(
  tokens: AppOptions['tokens'],
  names: readonly TokenName[],
  tokenOf: (req: Request) => string | undefined,
): Guard {
  const matches = tokenMatcher(names.flatMap((name) => tokens[name] ?? []))
  const [first] = names
  const where = first === undefined ? '' : ` (${settingOf(first)})`
  return (req) => {
    if (!matches(tokenOf(req))) throw new HttpError(401, 'bad_token', `A valid token is needed here${where}.`)
  }
}

/** Which key a feed was asked for with: `feed` for the common one, else the id of a reader's own. */
export interface FeedKey {
  id: string
  /** It has been replaced and is still valid. */
  old: boolean
}

const feedKeys = new WeakMap<Request, FeedKey>()

/**
 * Lets through whoever brings the common feed token or a reader's own key; 401 otherwise. The store is asked only for
 * what is not the common one, and once a request; its faults are thrown, since a 401 would say something else.
 */
export function requireFeedToken(useCases: UseCases, accepted: readonly string[]): Guard {
  const isCommon = tokenMatcher(accepted)
  return async (req) => {
    if (feedKeys.has(req)) return
    const given = givenToken(req)
    const key = isCommon(given) ? { id: COMMON_KEY, old: false } : given && (await useCases.readerOfKey(given))
    if (!key) throw new HttpError(401, 'bad_token', 'A valid token is needed here (FEED_TOKEN or a reader’s own key).')
    feedKeys.set(req, key)
  }
}

/** The id that stands for the common feed token. */
export const COMMON_KEY = 'feed'

/** The key of a request, behind `requireFeedToken`. */
export function feedKeyOf(req: Request): FeedKey {
  return feedKeys.get(req) ?? { id: COMMON_KEY, old: false }
}

const sessions = new WeakMap<Request, Session>()

/** Lets through whoever is signed in; 401 otherwise. Looks once a request, and touches no storage. */
export function requireSession(useCases: UseCases, isHttps: (req: Request) => boolean): Guard {
  return async (req) => {
    if (sessions.has(req)) return
    const token = bearer(req)
    const session = token === undefined ? undefined : await useCases.checkToken(token, isHttps(req))
    if (!session) throw new HttpError(401, 'signed_out', 'Please sign in.')
    sessions.set(req, session)
  }
}

/** Lets through the admin alone: 403 for everybody else who is signed in. Comes after `requireSession`. */
export const requireAdmin: Guard = (req) => {
  if (sessionOf(req).role === 'admin') return
  throw new HttpError(403, 'admin_only', 'Only the admin can do this: sign in with the admin’s password.')
}

/** Who is signed in, behind `requireSession`. */
export function sessionOf(req: Request): Session {
  const session = sessions.get(req)
  if (!session) throw new HttpError(401, 'signed_out', 'Please sign in.')
  return session
}

/**
 * Whether an origin is one of our own: listed in BASE_URL or, self-hosted without it, a private host name that equals
 * the Host the request came to.
 */
export function isOwnOrigin(req: Request, origin: string, baseUrls: readonly string[], allowPrivate: boolean): boolean {
  if (baseUrls.length > 0) return baseUrls.includes(origin)
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (!allowPrivate || !url || url.origin !== origin || !/^https?:$/.test(url.protocol)) return false
  return isPrivateHost(url.hostname) && url.host === req.get('host')?.toLowerCase()
}

/** The address under which this request reached us, for links in answers; its host has passed `requireHost`. */
export function publicBase(req: Request, baseUrls: readonly string[]): string {
  return baseUrls[0] ?? `${req.secure ? 'https' : 'http'}://${req.get('host') ?? 'localhost'}`
}

/** Marks the answer as never to be kept. */
export const neverKept: Guard = (_req, res) => {
  res.setHeader('Cache-Control', 'no-store')
}
