import type { MediaEventSource, ReadEvent, Received, UseCases } from '@stellarr/core'
import { type Request, Router } from 'express'
import { basicPassword, givenToken, noStore, publicBase, sessionOf } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { tokenMatcher } from '../token-matcher.ts'
import type { ActivityAnswer, WebhookAnswer, WebhooksAnswer } from '../wire/index.ts'

const SOURCES: readonly MediaEventSource[] = ['plex', 'jellyfin', 'emby', 'sonarr', 'radarr']
const SETTING = (source: MediaEventSource) => `${source.toUpperCase()}_WEBHOOK_TOKEN`
/** Messages shown at most. */
const SHOWN = 100
/** Messages looked through for when each sender was last heard. */
const LOOKED_THROUGH = 500

/** Messages of media servers and clients; each sender behind a token of its own. */
export function webhookRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  for (const source of SOURCES) {
    const matches = tokenMatcher(tokensOf(options, source))
    router.post(`/webhook/${source}`, async (req, res) => {
      noStore(res)
      if (!matches(givenToken(req) ?? basicPassword(req))) {
        throw new HttpError(401, 'bad_token', `A valid token is needed here (${SETTING(source)}).`)
      }
      const senders = await loadSenders()
      const body = await senders.readWebhookBody(req)
      if (body.kind === 'invalid') {
        const status = { too_large: 413, unsupported: 415, broken: 400 }[body.code]
        const where = body.field === '' ? 'The body' : body.field
        throw new HttpError(status, body.code, `${where}: expected ${body.expected}.`, { field: body.field })
      }
      const read = readAs(senders, source, body.value, options.plexServerName)
      const received = await useCases.receiveEvent(source, read, nameIn(body.value))
      if (read.kind === 'invalid') {
        const where = read.field === '' ? 'The message' : read.field
        throw new HttpError(422, 'invalid', `${where}: expected ${read.expected}.`, { field: read.field })
      }
      res.json(toAnswer(received))
    })
  }

  return router
}

/** What reads senders' messages, loaded with the first of them: whoever only reads a feed does without. */
const loadSenders = () => import('../senders/index.ts')

function readAs(
  senders: Awaited<ReturnType<typeof loadSenders>>,
  source: MediaEventSource,
  body: unknown,
  plexServerName: string | undefined,
): ReadEvent {
  switch (source) {
    case 'plex':
      return senders.readPlexEvent(body, plexServerName)
    case 'jellyfin':
      return senders.readJellyfinEvent(body)
    case 'emby':
      return senders.readEmbyEvent(body)
    case 'sonarr':
      return senders.readSonarrEvent(body)
    case 'radarr':
      return senders.readRadarrEvent(body)
  }
}

function tokensOf(options: AppOptions, source: MediaEventSource): readonly string[] {
  return options.tokens[source] ?? []
}

/** The sender's own word for a message that nothing came of, if it is one. */
function nameIn(body: unknown): string {
  if (body === null || typeof body !== 'object') return ''
  const fields = body as Record<string, unknown>
  const name = fields.event ?? fields.eventType ?? fields.NotificationType ?? fields.Event
  return typeof name === 'string' && /^[\w.-]{1,40}$/.test(name) ? name : ''
}

function toAnswer({ outcome, event, match, reason, addedToLibrary, notified }: Received): WebhookAnswer {
  if (outcome === 'test') return { status: 'success', reason: 'The line works.' }
  if (!event) return { status: 'ignored', ...(reason !== undefined && { reason }) }
  return {
    status: 'success',
    ...(reason !== undefined && { reason }),
    title: event.title ?? match?.request?.title ?? '',
    media_type: event.mediaType,
    tmdb_id: match?.key.tmdbId ?? null,
    added_to_library: addedToLibrary,
    matched_request: match?.request !== undefined,
    notification_sent: notified,
  }
}

/** What was received, and how to set senders up, for people; behind a session. */
export function activityRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  router.get('/api/activity', async (_req, res) => {
    const entries = await useCases.recentActivity(SHOWN)
    const answer: ActivityAnswer = {
      entries: entries.map(({ id, at, source, name, title, detail, outcome, reason, rule, key }) => ({
        id,
        at: new Date(at).toISOString(),
        source,
        name,
        title,
        detail,
        outcome,
        reason: reason ?? null,
        rule: rule ?? null,
        media_type: key?.mediaType ?? null,
        tmdb_id: key?.tmdbId ?? null,
      })),
    }
    res.json(answer)
  })

  router.get('/api/webhooks', async (req, res) => {
    const isAdmin = sessionOf(req).role === 'admin'
    const entries = await useCases.recentActivity(LOOKED_THROUGH)
    const answer: WebhooksAnswer = {
      with_token: isAdmin,
      senders: SOURCES.map((source) => {
        const last = entries.find((entry) => entry.source === source)
        return {
          source,
          url: addressOf(req, options, source, isAdmin),
          last_heard_at: last ? new Date(last.at).toISOString() : null,
          last_name: last ? last.name : null,
        }
      }),
      jellyfin_template: (await loadSenders()).JELLYFIN_TEMPLATE,
      plex_server_name: options.plexServerName ?? null,
    }
    res.json(answer)
  })

  return router
}

/** These senders cannot all send a header, so their token goes in the address; the admin alone sees it. */
function addressOf(req: Request, options: AppOptions, source: MediaEventSource, withToken: boolean): string | null {
  const [token] = tokensOf(options, source)
  if (token === undefined) return null
  const url = new URL(`/webhook/${source}`, publicBase(req, options.baseUrls))
  if (withToken) url.searchParams.set('token', token)
  return url.href
}
