import type * as v from 'valibot'
import * as wire from './wire/index.ts'

export type Access = 'public' | 'session' | 'admin' | 'feed token' | 'sync token' | 'webhook token'

export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  summary: string
  access: Access
  query?: string[]
  body?: v.GenericSchema
  answer?: v.GenericSchema
  errors: number[]
}

function list(path: string, summary: string, query = ['profile', 'token']): Operation {
  return { method: 'get', path, summary, access: 'feed token', query, errors: [401, 404, 422, 429, 503] }
}

function programList(path: string, summary: string): Operation {
  const errors = [401, 404, 405, 422, 429, 503]
  return { method: 'get', path, summary, access: 'feed token', query: ['profile', 'apikey'], errors }
}

/** What a client's settings page offers to filter by. */
function menu(path: string, summary: string): Operation {
  return { method: 'get', path, summary, access: 'feed token', query: ['apikey'], errors: [401, 405, 503] }
}

function webhook(source: string): Operation {
  return {
    method: 'post',
    path: `/webhook/${source}`,
    summary: `Messages of ${source.charAt(0).toUpperCase()}${source.slice(1)}.`,
    access: 'webhook token',
    query: ['token'],
    answer: wire.webhookAnswer,
    errors: [400, 401, 413, 415, 422, 503],
  }
}

/** Every route, once; a test compares this list with the routes that Express knows. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/health',
    summary: 'Is the server up? Touches no storage.',
    access: 'public',
    answer: wire.healthAnswer,
    errors: [],
  },
  { method: 'get', path: '/api/openapi.json', summary: 'This document.', access: 'public', errors: [] },
  {
    method: 'get',
    path: '/api/auth/params',
    summary: 'What a client needs to sign in.',
    access: 'public',
    answer: wire.authParamsAnswer,
    errors: [],
  },
  {
    method: 'post',
    path: '/api/auth/verify',
    summary: 'Verifies a challenge and gives a session token.',
    access: 'public',
    body: wire.verifyBody,
    answer: wire.verifyAnswer,
    errors: [400, 401, 403, 415, 422, 429, 503],
  },
  {
    method: 'post',
    path: '/api/search',
    summary: 'Movies and series by title.',
    access: 'session',
    body: wire.searchBody,
    answer: wire.searchAnswer,
    errors: [401, 415, 422, 502, 503],
  },
  {
    method: 'get',
    path: '/api/title/{type}/{id}',
    summary: 'One title with its seasons and request.',
    access: 'session',
    answer: wire.titleAnswer,
    errors: [401, 404, 422, 502, 503],
  },
  {
    method: 'get',
    path: '/api/library-status',
    summary: 'Library ids and requests; carries an ETag.',
    access: 'session',
    answer: wire.libraryStatusAnswer,
    errors: [401, 503],
  },
  {
    method: 'post',
    path: '/api/request',
    summary: 'Asks for a title or more of its seasons.',
    access: 'session',
    body: wire.requestBody,
    answer: wire.requestAnswer,
    errors: [401, 404, 415, 422, 502, 503],
  },
  {
    method: 'get',
    path: '/api/requests',
    summary: 'Requests, newest first.',
    access: 'session',
    query: ['media_type'],
    answer: wire.requestsAnswer,
    errors: [401, 422, 503],
  },
  {
    method: 'delete',
    path: '/api/request/{type}/{id}',
    summary: 'Withdraws a request.',
    access: 'session',
    answer: wire.withdrawAnswer,
    errors: [401, 403, 404, 409, 422, 503],
  },
  {
    method: 'get',
    path: '/api/feeds',
    summary: 'Feed addresses (with their token for the admin) and set-up steps.',
    access: 'session',
    answer: wire.feedsAnswer,
    errors: [401, 503],
  },
  {
    method: 'get',
    path: '/api/feeds/readers',
    summary: 'Who reads the feeds.',
    access: 'session',
    answer: wire.feedReadersAnswer,
    errors: [401, 503],
  },
  {
    method: 'get',
    path: '/api/feeds/preview',
    summary: 'What a client would take from a list, and what not.',
    access: 'session',
    query: ['feed', 'profile'],
    answer: wire.feedPreviewAnswer,
    errors: [401, 404, 422, 503],
  },
  {
    method: 'get',
    path: '/api/quality-profiles',
    summary: 'The quality profiles that a request can be given.',
    access: 'session',
    answer: wire.qualityProfilesAnswer,
    errors: [401, 503],
  },
  {
    method: 'post',
    path: '/api/request/{type}/{id}/follow',
    summary: 'Tells whoever asks about the title too.',
    access: 'session',
    answer: wire.requestAnswer,
    errors: [401, 404, 422, 503],
  },
  {
    method: 'delete',
    path: '/api/request/{type}/{id}/follow',
    summary: 'Tells them no longer.',
    access: 'session',
    answer: wire.requestAnswer,
    errors: [401, 404, 422, 503],
  },
  {
    method: 'get',
    path: '/api/activity',
    summary: 'The messages received last, and what they did.',
    access: 'session',
    answer: wire.activityAnswer,
    errors: [401, 503],
  },
  {
    method: 'get',
    path: '/api/webhooks',
    summary: 'Addresses for senders, and when each was last heard.',
    access: 'session',
    answer: wire.webhooksAnswer,
    errors: [401, 503],
  },
  {
    method: 'get',
    path: '/api/push/vapid-public-key',
    summary: 'The key that browsers subscribe with.',
    access: 'session',
    answer: wire.pushKeyAnswer,
    errors: [401, 503],
  },
  {
    method: 'post',
    path: '/api/push/subscribe',
    summary: 'Tells a device from now on.',
    access: 'session',
    body: wire.pushSubscribeBody,
    answer: wire.pushDoneAnswer,
    errors: [400, 401, 415, 422, 503],
  },
  {
    method: 'delete',
    path: '/api/push/subscribe',
    summary: 'Tells a device no longer.',
    access: 'session',
    body: wire.pushEndpointBody,
    answer: wire.pushDoneAnswer,
    errors: [400, 401, 404, 415, 422, 503],
  },
  {
    method: 'get',
    path: '/api/push/status',
    summary: 'Is this device told?',
    access: 'session',
    query: ['endpoint'],
    answer: wire.pushStatusAnswer,
    errors: [401, 422, 503],
  },
  {
    method: 'post',
    path: '/api/push/test',
    summary: 'Sends a message to a device.',
    access: 'session',
    body: wire.pushEndpointBody,
    answer: wire.pushDoneAnswer,
    errors: [400, 401, 404, 415, 422, 503],
  },
  {
    method: 'get',
    path: '/api/about',
    summary: 'What is running here: version, store, catalogue.',
    access: 'session',
    answer: wire.aboutAnswer,
    errors: [401],
  },
  {
    method: 'get',
    path: '/api/admin/notices',
    summary: 'What the admin should know or do.',
    access: 'admin',
    answer: wire.noticesAnswer,
    errors: [401, 403, 503],
  },
  {
    method: 'get',
    path: '/api/admin/settings',
    summary: 'Quality profiles, retention and tags.',
    access: 'admin',
    answer: wire.adminSettingsAnswer,
    errors: [401, 403, 503],
  },
  {
    method: 'patch',
    path: '/api/admin/settings',
    summary: 'Changes what is given; profiles are given whole.',
    access: 'admin',
    body: wire.adminSettingsBody,
    answer: wire.adminSettingsAnswer,
    errors: [400, 401, 403, 409, 415, 422, 503],
  },
  {
    method: 'get',
    path: '/api/admin/tokens',
    summary: 'Readers with a feed key of their own.',
    access: 'admin',
    answer: wire.readerKeysAnswer,
    errors: [401, 403, 503],
  },
  {
    method: 'post',
    path: '/api/admin/tokens',
    summary: 'Makes a key for a new reader, or a second one for a reader.',
    access: 'admin',
    body: wire.readerKeyBody,
    answer: wire.newReaderKeyAnswer,
    errors: [400, 401, 403, 404, 409, 415, 422, 503],
  },
  {
    method: 'delete',
    path: '/api/admin/tokens/{id}',
    summary: 'Ends the keys of a reader, or the older of two.',
    access: 'admin',
    query: ['old'],
    errors: [401, 403, 404, 422, 503],
  },
  {
    method: 'delete',
    path: '/api/admin/readers/{id}',
    summary: 'Forgets a reader that will not come back.',
    access: 'admin',
    errors: [401, 403, 404, 503],
  },
  {
    method: 'delete',
    path: '/api/admin/request/{type}/{id}',
    summary: 'Removes a request for good.',
    access: 'admin',
    query: ['confirm'],
    errors: [401, 403, 404, 409, 422, 503],
  },
  {
    method: 'post',
    path: '/api/admin/confirm-store',
    summary: 'Opens the feeds of another or older store.',
    access: 'admin',
    errors: [401, 403, 503],
  },
  list('/list/radarr', 'Movies for Radarr (StevenLu Custom, or Custom Lists with by=tmdb).', [
    'by',
    'profile',
    'token',
  ]),
  list('/list/sonarr', 'Series for Sonarr (Custom List).'),
  list('/rss/movies', 'Movies as RSS (Plex Watchlist RSS).'),
  list('/rss/tv', 'Series as RSS (Plex Watchlist RSS).'),
  list('/rss/all', 'Movies and series as RSS (Plex Watchlist RSS).'),
  programList('/radarr/api/v3/movie', 'Movies for another Radarr (program list).'),
  menu('/radarr/api/v3/qualityprofile', 'Quality profiles to filter by.'),
  menu('/radarr/api/v3/tag', 'Requesters to filter by.'),
  menu('/radarr/api/v3/rootfolder', 'Root folders to filter by.'),
  programList('/sonarr/api/v3/series', 'Series for another Sonarr (program list), with every season.'),
  menu('/sonarr/api/v3/qualityprofile', 'Quality profiles to filter by.'),
  menu('/sonarr/api/v3/tag', 'Requesters to filter by.'),
  menu('/sonarr/api/v3/rootfolder', 'Root folders to filter by.'),
  menu('/sonarr/api/v3/languageprofile', 'None: every language will do.'),
  webhook('plex'),
  webhook('jellyfin'),
  webhook('emby'),
  webhook('sonarr'),
  webhook('radarr'),
  {
    method: 'post',
    path: '/sync/library',
    summary: 'A library in one body.',
    access: 'sync token',
    query: ['media_type', 'clear', 'confirm', 'token'],
    answer: wire.syncPostAnswer,
    errors: [400, 401, 409, 413, 422, 503],
  },
  {
    method: 'post',
    path: '/sync/library/begin',
    summary: 'Opens a paged sync.',
    access: 'sync token',
    body: wire.syncBeginBody,
    answer: wire.syncBeginAnswer,
    errors: [401, 422, 503],
  },
  {
    method: 'put',
    path: '/sync/library/{id}/pages/{page}',
    summary: 'Stores one page of a sync.',
    access: 'sync token',
    answer: wire.syncPageAnswer,
    errors: [401, 404, 413, 422, 503],
  },
  {
    method: 'post',
    path: '/sync/library/{id}/commit',
    summary: 'Switches to the staged library.',
    access: 'sync token',
    body: wire.syncCommitBody,
    answer: wire.syncCommitAnswer,
    errors: [401, 404, 409, 422, 503],
  },
]
