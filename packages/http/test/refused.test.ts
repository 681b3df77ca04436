import type { UseCases } from '@stellarr/core'
import type { Request } from 'express'
import { expect, it } from 'vitest'
import { HttpError } from '../src/http-error.ts'
import { noteRefused } from '../src/refused.ts'

type Noted = Parameters<UseCases['noteRefusal']>[0]

/** What is noted of an error at a path. */
function noted(path: string, status: number, code = 'x', userAgent = 'Radarr/6.1.0 (x)'): Noted | undefined {
  const found: Noted[] = []
  const req = { path, ip: '2001:db8:7:1::1', get: () => userAgent } as unknown as Request
  noteRefused({ noteRefusal: (one) => void found.push(one) }, req, new HttpError(status, code, 'No.'))
  return found[0]
}

const address = '2001:db8:7::/48'

it.each([
  ['/list/sonarr', 400, 'wrong_app', { kind: 'wrong_app', place: 'sonarr-list' }],
  ['/rss/tv', 400, 'wrong_app', { kind: 'wrong_app', place: 'sonarr-list' }],
  ['/RSS/Movies', 401, 'bad_token', { kind: 'wrong_key', place: 'radarr-list' }],
  ['/sonarr/api/v3/tag', 401, 'bad_token', { kind: 'wrong_key', place: 'sonarr-list' }],
  ['/rss/all', 401, 'bad_token', { kind: 'wrong_key', place: 'list' }],
  ['/api/v3/movie', 404, 'wrong_base', { kind: 'wrong_base', place: 'list' }],
  ['/lidarr/api/v1/artist', 404, 'wrong_base', { kind: 'wrong_base', place: 'list' }],
  ['/webhook/plex', 401, 'bad_token', { kind: 'wrong_token', place: 'webhook/plex' }],
  ['/sync/library/begin', 422, 'invalid', { kind: 'invalid', place: 'sync' }],
])('%s answered with %i %s is noted, with the program as it calls itself', (path, status, code, expected) => {
  expect(noted(path, status, code)).toEqual({ ...expected, address, app: 'Radarr' })
})

it.each([
  ['/api/requests', 401],
  ['/api/auth/verify', 401],
  ['/webhook/nothing', 401],
  ['/list/radarr', 404],
  ['/list/radarr', 429],
  ['/sync/library', 409],
  ['/webhook/plex', 404],
  ['/', 400],
  ['/constructor', 401],
  ['/webhook', 401],
])('%s answered with %i is not', (path, status) => {
  expect(noted(path, status)).toBeUndefined()
})

it('a program without a name is the sender whose token it brought, and nobody without one', () => {
  expect(noted('/webhook/plex', 400, 'x', '')?.app).toBe('Plex')
  expect(noted('/webhook/plex', 401, 'x', '')?.app).toBe('other')
  expect(noted('/webhook/plex', 400, 'wrong_app', '')?.app).toBe('other')
  expect(noted('/sync/library', 400, 'x', 'stellarr-library-agent/1.0')?.app).toBe('library-agent')
})
