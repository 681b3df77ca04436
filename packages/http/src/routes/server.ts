import { route } from '../route.ts'
import { aboutAnswer, healthAnswer } from '../wire/index.ts'

/** The server itself. */
export const serverRoutes = [
  route({
    method: 'get',
    path: '/api/health',
    summary: 'Is the server up? Touches no storage.',
    access: 'public',
    ignoresBody: true,
    answer: healthAnswer,
    errors: [],
    handle: (_call, { options }) => ({
      status: 'healthy' as const,
      service: 'stellarr' as const,
      version: options.version,
    }),
  }),
  route({
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This document.',
    access: 'public',
    ignoresBody: true,
    errors: [],
    handle: (_call, { describe }) => describe(),
  }),
  route({
    method: 'get',
    path: '/api/about',
    summary: 'What is running here: version, store, catalogue.',
    access: 'session',
    answer: aboutAnswer,
    errors: [401],
    handle: (_call, { options, useCases }) => ({
      version: options.version,
      store: options.store,
      catalogue: useCases.catalogueKind(),
      backup: options.backups !== undefined,
    }),
  }),
]
