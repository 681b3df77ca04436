/** Says how everything stands, and what to do about what does not work. */
export * from './checks.ts'
export type * from './ports.ts'
export * from './rules/index.ts'
