/** Names movies and series: their ids, titles and languages. */
export * from './media.ts'
export * from './rules/index.ts'
