/**
 * The API's shapes, once: routes validate with them, OpenAPI is made from them, and the web app takes its types from
 * them. snake_case, times as ISO 8601 UTC, absent values null in answers to people (never in lists).
 */
export * from './catalogue.ts'
export * from './checks.ts'
export * from './errors.ts'
export * from './events.ts'
export * from './library.ts'
export * from './lists.ts'
export { feedName } from './parts.ts'
export * from './people.ts'
export * from './push.ts'
export * from './reader-keys.ts'
export * from './requests.ts'
export * from './routing.ts'
export * from './server.ts'
export * from './title-keys.ts'
