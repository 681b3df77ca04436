export * from './engine.ts'
export * from './faulty-transport.ts'
