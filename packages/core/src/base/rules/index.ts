export * from './paths.ts'

export * from './text.ts'

export * from './trusted-time.ts'
