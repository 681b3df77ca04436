/** Says under which quality profile, root folder and requester's tag clients fetch a title. */
export * from './feed-settings.ts'
export type * from './ports.ts'
export * from './rules/index.ts'
export * from './stored-feed-settings.ts'
