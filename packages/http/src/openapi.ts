import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import type { Access, Route } from './route.ts'
import { errorAnswer } from './wire/errors.ts'

const SECURITY: Record<Access, object[]> = {
  public: [],
  session: [{ session: [] }],
  admin: [{ session: [] }],
  'feed key': [{ tokenHeader: [] }, { tokenQuery: [] }, { apikeyQuery: [] }],
  'sync token': [{ tokenHeader: [] }, { tokenQuery: [] }],
  'webhook token': [{ tokenHeader: [] }, { tokenQuery: [] }, { basic: [] }],
}

function json(schema: v.GenericSchema | undefined): object {
  if (!schema) return {}
  return { content: { 'application/json': { schema: toJsonSchema(schema, { errorMode: 'ignore' }) } } }
}

/** The API as an OpenAPI 3.1 document, made from what the routes declare. */
export function openApiDocument(version: string, routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const answers: Record<string, object> = { '200': { description: 'Success', ...json(route.answer) } }
    for (const status of route.errors) {
      answers[status] = { description: 'See detail', ...json(errorAnswer) }
    }
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: {
        summary: route.summary,
        security: SECURITY[route.access],
        parameters: [
          ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
          ...route.query.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
        ],
        ...(route.body ? { requestBody: { required: true, ...json(route.body) } } : {}),
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
        basic: { type: 'http', scheme: 'basic' },
        tokenHeader: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        tokenQuery: { type: 'apiKey', in: 'query', name: 'token' },
        apikeyQuery: { type: 'apiKey', in: 'query', name: 'apikey' },
      },
    },
  }
}
