import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FEEDS, sessionTokens } from '@stellarr/core'
import { fixedClock, memoryStorage } from '@stellarr/core/testing'
import type { Express } from 'express'
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'
import { flag } from '../src/parse.ts'
import { type Route, route } from '../src/route.ts'
import { ROUTES } from '../src/routes/index.ts'
import { bareUseCases, quiet } from './bare-use-cases.ts'

const SIGN_IN = { appSecretKey: 'x'.repeat(16), passwords: { household: 'h', admin: 'o' }, iterations: 100_000 }
const clock = fixedClock()
const servers: Server[] = []

function appOf(routes?: readonly Route[]): Express {
  const useCases = bareUseCases({ storage: memoryStorage({ clock }), clock, signIn: SIGN_IN })
  const options = {
    version: '0.0.0',
    logger: quiet,
    store: 'memory',
    tokens: { feed: ['feed'], sync: ['sync'], plex: ['plex'], jellyfin: [], emby: [], sonarr: [], radarr: [] },
    baseUrls: [],
    allowPrivateOrigins: true,
    trustedProxies: [],
    keepAnswers: true,
  }
  return createApp(useCases, options, routes)
}

async function serve(routes: readonly Route[]) {
  const server = createServer(appOf(routes)).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return async (path: string, init: { method?: string; body?: string; token?: string } = {}) => {
    const { token, ...more } = init
    const headers = {
      ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const answer = await fetch(url + path, { ...more, headers })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** What Express keeps of a route or of a router below it. */
interface Layer {
  route?: { path: string; stack: readonly { method?: string }[] }
  handle: object
}

/** Every route that Express knows, as `get /api/title/{type}/{id}`. */
const registered = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) => {
    if (!route) return 'stack' in handle ? registered(handle.stack as Layer[]) : []
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    return [...new Set(route.stack.map(({ method }) => `${method} ${path}`))]
  })

describe('the routes', () => {
  it('that Express knows are those that are declared, but for public files', () => {
    const declared = ROUTES.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(declared).size).toBe(declared.length)
    expect(registered(appOf().router.stack).toSorted()).toEqual(
      [...declared, 'get /{file}', 'get /posters/{name}'].toSorted(),
    )
  })

  it('behind a token name whose, and those that read a body of their own say so', () => {
    for (const { path, access, accepts, reader, ignoresBody } of ROUTES) {
      expect(accepts !== undefined, path).toBe(access === 'sync token' || access === 'webhook token')
      if (reader ?? ignoresBody) expect(path).toMatch(reader ? /^\/sync\// : /^\/api\//)
    }
  })

  it('behind a feed key say whose list they belong to', () => {
    for (const { path, access, feed } of ROUTES) {
      const client = feed && FEEDS[feed].client
      expect(client !== undefined, path).toBe(access === 'feed key')
      const [, named] = /^\/(?:list\/)?(radarr|sonarr)\b/.exec(path) ?? []
      if (named !== undefined) expect([path, client]).toEqual([path, named])
    }
  })

  it('have a place in the app, or it does not start', () => {
    const lost = route({
      method: 'get',
      path: '/elsewhere',
      summary: 'Nobody comes here.',
      access: 'session',
      errors: [401],
      handle: () => ({}),
    })
    expect(() => appOf([...ROUTES, lost])).toThrow('/elsewhere (session) has no place')
  })
})

describe('a new route', () => {
  // The two steps of CONTRIBUTING: its shapes (in `wire/`), and its declaration (in a file of `routes/`).
  const noteBody = v.object({ text: v.pipe(v.string(), v.minLength(1)) })
  const noteAnswer = v.object({ id: v.string(), text: v.string(), by: v.string(), loud: v.boolean() })
  const noteRoutes = [
    route({
      method: 'put',
      path: '/api/notes/{id}',
      summary: 'Keeps a note.',
      access: 'session',
      query: { loud: flag },
      body: noteBody,
      answer: noteAnswer,
      errors: [401, 415, 422],
      handle: ({ params, query, body, session }) => ({
        id: params.id,
        text: body.text,
        by: session.name,
        loud: query.loud ?? false,
      }),
    }),
  ]
  const routes = [...ROUTES, ...noteRoutes]
  const session = () => sessionTokens({ ...SIGN_IN, clock }).issue('household', 'Ann', clock.now())

  it('is registered, and guarded by its access', async () => {
    const call = await serve(routes)
    const given = { method: 'PUT', body: '{"text":"hello"}' }
    expect(await call('/api/notes/7', given)).toMatchObject({ status: 401, body: { code: 'signed_out' } })
    expect(await call('/api/notes/7?loud=true', { ...given, token: await session() })).toEqual({
      status: 200,
      body: { id: '7', text: 'hello', by: 'Ann', loud: true },
    })
  })

  it.each(['session', 'admin', 'feed key', 'sync token', 'webhook token'] as const)(
    'is closed to strangers by the word %s alone',
    async (access) => {
      const path = { session: '/api/x', admin: '/api/x', 'feed key': '/list/x', 'sync token': '/sync/x' }
      const sample = route({
        method: 'get',
        path: access === 'webhook token' ? '/webhook/x' : path[access],
        summary: 'A sample.',
        access,
        errors: [401],
        handle: () => ({ open: true }),
      })
      const call = await serve([sample])
      expect((await call(sample.path)).status).toBe(401)
      expect((await call(sample.path, { token: 'plex' })).status).toBe(401)
      const isPersonal = access === 'session' || access === 'admin'
      const known = await call(sample.path, { token: isPersonal ? await session() : 'feed' })
      expect(known.status).toBe({ session: 200, admin: 403, 'feed key': 200 }[access as string] ?? 401)
    },
  )

  it('is validated: body, then query', async () => {
    const call = await serve(routes)
    const put = async (path: string, body: string) => {
      const answer = await call(path, { method: 'PUT', body, token: await session() })
      return [answer.status, answer.body.field]
    }
    expect(await put('/api/notes/7', '{"text":""}')).toEqual([422, 'text'])
    expect(await put('/api/notes/7?loud=maybe', '{"text":""}')).toEqual([422, 'text'])
    expect(await put('/api/notes/7?loud=maybe', '{"text":"x"}')).toEqual([422, 'loud'])
  })

  it('is in the OpenAPI document', async () => {
    const call = await serve(routes)
    const put = {
      summary: 'Keeps a note.',
      security: [{ session: [] }],
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'loud', in: 'query', schema: { type: 'string' } },
      ],
      requestBody: { content: { 'application/json': { schema: { required: ['text'] } } } },
      responses: { 200: { content: expect.anything() }, 401: {}, 415: {}, 422: {} },
    }
    expect((await call('/api/openapi.json')).body).toMatchObject({ paths: { '/api/notes/{id}': { put } } })
  })
})
