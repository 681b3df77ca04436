export * from './names.ts'
export * from './sign-in.ts'
export * from './tries.ts'
