/** Serves the lists that clients read, guards them, and keeps retention, readers' keys, who reads and who is refused. */
export * from './feeds.ts'
export * from './leaving.ts'
export type * from './ports.ts'
export * from './reader-keys.ts'
export * from './readers.ts'
export * from './refusals.ts'
export * from './rules/index.ts'
export * from './store-guard.ts'
