/** Takes requests, merges seasons into them, and moves a request through its life. */
export * from './asking.ts'
export * from './media-request.ts'
export type * from './ports.ts'
export * from './rules/index.ts'
export * from './slices.ts'
export * from './views.ts'
