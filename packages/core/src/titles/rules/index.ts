export * from './languages.ts'
export * from './media.ts'
export * from './titles.ts'
