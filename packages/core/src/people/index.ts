/** Signs people in and checks their sessions. */

export { memoryTries, type TriesOf } from './memory-tries.ts'
export type * from './ports.ts'
export type { Role } from './role-keys.ts'
export * from './rules/index.ts'
export * from './session-tokens.ts'
export * from './sign-in.ts'
