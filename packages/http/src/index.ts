export { trendingBody } from './answers.ts'
export { createApp } from './create-app.ts'
export { deriveKey } from './derive-key.ts'
