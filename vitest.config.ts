import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['carryon-source', 'node'] }
// Polls longer than Vitest's default of one second, which a busy machine may exceed. Polling times are never measured.
const expect = { poll: { timeout: 20_000 } }
// Tests of a page's progress figures, memory and long tasks, which concurrent tests would distort.
const alone = [
  'tests/browser/part-sizes.test.ts',
  'tests/browser/progress.test.ts',
  'tests/browser/responsive.test.ts',
  'tests/reliability/many-files.test.ts',
  'tests/reliability/memory.test.ts',
]
// Uploads over slow lines, which leave the processors idle: they run concurrently with each other, but with no other
// tests.
const slowLines = ['tests/browser/slow-line-*.test.ts', 'bench/floor.test.ts']
// On a busy machine, browsers and services sometimes miss a deadline. Such a test is run once more, and `npm test`
// lists it with its failure. The second try gets the same random input, so that it does not hide a failure found by
// it.
const retry = 1
// Browser tests run the built product.
const globalSetup = 'tests/browser/harness/build.ts'
const ssr = { resolve: { conditions: ['carryon-source', 'node'] } }

export default defineConfig({
  test: {
    // One more than there are processors, because tests wait for browsers, lines and disks for much of their time.
    // Projects without file parallelism use one worker.
    maxWorkers: availableParallelism() + 1,
    // Limits the browsers that run at the same time in concurrent tests, which mostly wait.
    maxConcurrency: 3,
    projects: [
      {
        // Components are rendered as on a server, because Node has no DOM.
        plugins: [vue()],
        resolve,
        ssr,
        test: {
          name: 'unit',
          expect,
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/structure/**/*.test.ts',
            'tests/frameworks/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // Rates and delays of links are measured, so the files run one after the other.
          name: 'bench',
          expect,
          include: ['bench/**/*.test.ts'],
          exclude: slowLines,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry: 3,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'conformance',
          expect,
          retry,
          globalSetup: 'tests/packages/support/build.ts',
          include: [
            'tests/store-contract/**/*.test.ts',
            'tests/official-sdk/**/*.test.ts',
            'tests/api/**/*.test.ts',
            'tests/ceph/**/*.test.ts',
            'tests/packages/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'engines',
          expect,
          retry,
          globalSetup,
          include: ['tests/engines/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'browser',
          expect,
          retry,
          globalSetup,
          include: ['tests/browser/**/*.test.ts', 'tests/reliability/**/*.test.ts'],
          exclude: [...alone, ...slowLines],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'slow-lines',
          expect,
          retry,
          globalSetup,
          include: slowLines,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'browser-alone',
          expect,
          retry,
          globalSetup,
          include: alone,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
