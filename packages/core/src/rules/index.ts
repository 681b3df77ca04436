/** Pure rules, free of any store, server or browser: shared by use cases, adapters and the web app. */
export * from './arrivals.ts'
export * from './feeds.ts'
export * from './languages.ts'
export * from './library-syncs.ts'
export * from './request-life.ts'
export * from './seasons.ts'
export * from './sign-in.ts'
export * from './titles.ts'
