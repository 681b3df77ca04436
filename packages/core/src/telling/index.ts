/** Tells people by push message, and keeps each message until its push service has taken it. */
export type * from './ports.ts'
export * from './push.ts'
export * from './rules/index.ts'
