export { trendingBody } from './answers.ts'
export type { AppOptions } from './app-options.ts'
export { createApp } from './create-app.ts'
export { deriveKey } from './derive-key.ts'
