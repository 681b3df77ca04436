export * from './arrivals.ts'
export * from './merge-seasons.ts'
export * from './request-life.ts'
export * from './seasons.ts'
