export * from './paths.ts'
export * from './text.ts'
