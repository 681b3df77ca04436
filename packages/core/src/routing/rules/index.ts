export * from './feed-settings.ts'
