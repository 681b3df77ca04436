export { trendingBody } from './answers.ts'
export type { Backups } from './app-options.ts'
export { createApp } from './create-app.ts'
export { deriveKey } from './derive-key.ts'
