export * from './bounds.ts'
export * from './push.ts'
export * from './push-messages.ts'
