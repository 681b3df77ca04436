export * from './languages.ts'
export * from './titles.ts'
