export { unpack } from './instance.ts'
export { type LocalAws, startLocalAws } from './local-aws.ts'
