import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 30_000, hookTimeout: 30_000, allowOnly: false }
// CI has Chromium, servers and engines share two cores: once more there before a flow counts as broken. Runs say which did.
const CHROMIUM_RETRIES = process.env.CI ? 1 : 0

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'infra/test/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      { test: { ...shared, name: 'http', include: ['test/http/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'http-built',
          include: ['test/http/*.test.ts'],
          env: { STELLARR_DEPLOYMENT: 'built' },
        },
      },
      {
        test: {
          ...shared,
          name: 'http-lambda',
          include: ['test/http/*.test.ts', 'test/cost/*.test.ts'],
          env: { STELLARR_DEPLOYMENT: 'lambda' },
          globalSetup: 'test/aws-setup.ts',
          testTimeout: 90_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          retry: CHROMIUM_RETRIES,
          include: ['test/browser/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser-aws',
          retry: CHROMIUM_RETRIES,
          include: ['test/browser/*.test.ts'],
          env: { STELLARR_DEPLOYMENT: 'aws' },
          globalSetup: 'test/aws-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
