import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { type Access, OPERATIONS } from './operations.ts'
import * as wire from './wire/index.ts'

const SECURITY: Record<Access, object[]> = {
  public: [],
  session: [{ session: [] }],
  admin: [{ session: [] }],
  'feed token': [{ tokenHeader: [] }, { tokenQuery: [] }, { apikeyQuery: [] }],
  'sync token': [{ tokenHeader: [] }, { tokenQuery: [] }],
  'webhook token': [{ tokenHeader: [] }, { tokenQuery: [] }, { basic: [] }],
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
        basic: { type: 'http', scheme: 'basic' },
        tokenHeader: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        tokenQuery: { type: 'apiKey', in: 'query', name: 'token' },
        apikeyQuery: { type: 'apiKey', in: 'query', name: 'apikey' },
      },
    },
  }
}
