export * from './events.ts'
export * from './matching.ts'
export * from './syncs.ts'
