export * from './engine.ts'
export * from './faulty-transport.ts'
export { putItem } from './put-item.ts'
