/** Searches movies and series, shows one title, and keeps the trending files. */
export * from './browse.ts'
export * from './catalog.ts'
export type * from './ports.ts'
export * from './trending.ts'
