import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import * as wire from './wire.ts'

type Access = 'public' | 'session' | 'operator' | 'feed token' | 'sync token'

interface Operation {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  summary: string
  access: Access
  query?: string[]
  body?: v.GenericSchema
  answer?: v.GenericSchema
  errors: number[]
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
    summary: 'Films and series by title.',
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
    summary: 'Feed addresses (with their token for the operator) and set-up steps.',
    access: 'session',
    answer: wire.feedsAnswer,
    errors: [401, 503],
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
    path: '/api/operator/notices',
    summary: 'What the operator should know or do.',
    access: 'operator',
    answer: wire.noticesAnswer,
    errors: [401, 403, 503],
  },
  {
    method: 'delete',
    path: '/api/operator/request/{type}/{id}',
    summary: 'Removes a request for good.',
    access: 'operator',
    query: ['confirm'],
    errors: [401, 403, 404, 409, 422, 503],
  },
  {
    method: 'post',
    path: '/api/operator/confirm-store',
    summary: 'Opens the feeds of another or older store.',
    access: 'operator',
    errors: [401, 403, 503],
  },
  {
    method: 'get',
    path: '/list/radarr',
    summary: 'Films for Radarr (StevenLu Custom, or Custom Lists with by=tmdb).',
    access: 'feed token',
    query: ['by', 'token'],
    errors: [401, 422, 503],
  },
  {
    method: 'get',
    path: '/list/sonarr',
    summary: 'Series for Sonarr (Custom List).',
    access: 'feed token',
    query: ['token'],
    errors: [401, 503],
  },
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

const SECURITY: Record<Access, object[]> = {
  public: [],
  session: [{ session: [] }],
  operator: [{ session: [] }],
  'feed token': [{ tokenHeader: [] }, { tokenQuery: [] }],
  'sync token': [{ tokenHeader: [] }, { tokenQuery: [] }],
}

function json(schema: v.GenericSchema | undefined): object {
  if (!schema) return {}
  return { content: { 'application/json': { schema: toJsonSchema(schema, { errorMode: 'ignore' }) } } }
}

/** The API as an OpenAPI 3.1 document, made from the schemas that the routes validate with. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of OPERATIONS) {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const answers: Record<string, object> = { '200': { description: 'Success', ...json(operation.answer) } }
    for (const status of operation.errors) {
      answers[status] = { description: 'See detail', ...json(wire.errorAnswer) }
    }
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: {
        summary: operation.summary,
        security: SECURITY[operation.access],
        parameters: [
          ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
          ...(operation.query ?? []).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
        ],
        ...(operation.body ? { requestBody: { required: true, ...json(operation.body) } } : {}),
        responses: answers,
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Stellarr', version, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer' },
        tokenHeader: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        tokenQuery: { type: 'apiKey', in: 'query', name: 'token' },
      },
    },
  }
}
