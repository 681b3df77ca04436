/** Signs people in and checks their sessions. */
export type * from './ports.ts'
export * from './rules/index.ts'
export * from './session-tokens.ts'
export * from './sign-in.ts'
