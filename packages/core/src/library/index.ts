/** Takes in library syncs and senders' messages, finds the titles they are about, and logs what came of them. */
export * from './activity.ts'
export * from './library-item.ts'
export * from './match-event.ts'
export * from './media-event.ts'
export type * from './ports.ts'
export * from './receive-events.ts'
export * from './rules/index.ts'
export * from './syncs.ts'
