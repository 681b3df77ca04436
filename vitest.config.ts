import { defineConfig } from 'vitest/config'

const DEPLOYS = 'infra/test/deploy/deploy.test.ts'

const shared = { testTimeout: 30_000, hookTimeout: 30_000, allowOnly: false }

export default defineConfig({
  test: {
    // One more than CI has processors: many wait for others’ answers, for disks and for time to pass.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{packages,apps}/*/test/**/*.test.ts', 'infra/test/**/*.test.ts', 'test/*.test.ts'],
          exclude: [DEPLOYS],
        },
      },
      // The deploy command as a user runs it, again and again: with `npm run test:aws`.
      { test: { ...shared, name: 'deploys', include: [DEPLOYS] } },
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
          // A CI machine lends its processors to others: once more there, and `npm test` says which flow needed it.
          retry: process.env.CI === 'true' ? 1 : 0,
          include: ['test/browser/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // Two at most: each has an app and a Chromium of its own.
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser-aws',
          // Functions, their engine and Chromium share a machine here: once more before it counts as broken.
          retry: 1,
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
