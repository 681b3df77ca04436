/** Names movies and series: their ids, titles and languages. */
export * from './key-text.ts'
export * from './rules/index.ts'
