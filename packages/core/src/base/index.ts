/** What every folder stands on: the one fault, clock and log, what all stores have, hashing, work in the background. */
export { type BackgroundWork, backgroundWork, within } from './background-work.ts'
export * from './errors.ts'
export { constantTimeEqual, fromBase64Url, sha256Hex, toBase64Url, utf8 } from './hashing.ts'
export * from './local-turns.ts'
export { pacer } from './pacer.ts'
export type * from './ports.ts'
export * from './rules/index.ts'
