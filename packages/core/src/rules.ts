/** Pure rules, free of any store, server or browser: what the web app ships of core. */
export * from './base/rules/index.ts'
export * from './clients/rules/index.ts'
export * from './library/rules/index.ts'
export * from './people/rules/index.ts'
export * from './requests/rules/index.ts'
export * from './routing/rules/index.ts'
export * from './telling/rules/index.ts'
export * from './titles/rules/index.ts'
