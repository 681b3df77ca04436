export * from './push.ts'
export * from './push-messages.ts'
