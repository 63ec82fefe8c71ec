import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['carryon-source', 'node'] }
// Of what is awaited nothing is measured: a busy machine may take longer than the one second that is usual.
const expect = { poll: { timeout: 20_000 } }
// Tests of a page's figures, memory and long tasks, which other tests beside them would change.
const alone = [
  'tests/browser/part-sizes.test.ts',
  'tests/browser/progress.test.ts',
  'tests/browser/responsive.test.ts',
  'tests/reliability/many-files.test.ts',
  'tests/reliability/memory.test.ts',
]
// Uploads over thin lines, which leave the processors idle: several run at the same time, and nothing else.
const slowLines = ['tests/browser/slow-line-*.test.ts', 'bench/floor.test.ts']
// Browsers and services on a busy machine sometimes miss a deadline of their own. Such a test is run once more, and `npm test`
// lists it with what failed. Random input is the same at the second try, so what it finds is not lost.
const retry = 1
const ssr = { resolve: { conditions: ['carryon-source', 'node'] } }

export default defineConfig({
  test: {
    // One more than there are processors: tests wait for browsers, lines and disks for much of their time. Projects
    // whose files run one by one have one worker.
    maxWorkers: availableParallelism() + 1,
    // Browsers at the same time, where tests do little else than wait.
    maxConcurrency: 3,
    projects: [
      {
        // Components are rendered as a server does: there is no page in Node.
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
          // The links' rates and delays are measured, so nothing runs beside them.
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
