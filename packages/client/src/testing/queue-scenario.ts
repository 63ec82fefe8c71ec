import fc from 'fast-check'
import { fault } from './scenario.js'

/** What people do with a queue, and what happens to it, each after a while. */
const step = fc.record({
  /** Milliseconds. */
  after: fc.integer({ min: 0, max: 3_000 }),
  kind: fc.constantFrom(
    'kill and resume',
    'kill and resume',
    'close and resume',
    'look from another tab',
    'pause one',
    'resume all',
    'cancel one',
    'offline for hours',
    'restart the server',
    'storage is full',
    'storage has room',
  ),
  /** Which file, from the first. */
  which: fc.nat(7),
})

/** One schedule of several files that are picked together. */
export const queueScenario = fc.record({
  /** Of the requests in their order; those after the last pass. An altered file would be told as such, and not stored. */
  faults: fc.array(
    fault.filter((one) => one !== 'altered'),
    { maxLength: 60 },
  ),
  steps: fc.array(step, { maxLength: 6 }),
  /** Bytes of each file: enough for no two to be alike. */
  sizes: fc.array(fc.integer({ min: 8, max: 400 }), { minLength: 2, maxLength: 8 }),
  filesAtOnce: fc.integer({ min: 1, max: 3 }),
  /** Bytes: what is smaller goes as one PUT. */
  largestSingle: fc.constantFrom(0, 150),
  mode: fc.constantFrom('credentials' as const, 'urls' as const),
  /** Milliseconds per request. */
  latency: fc.constantFrom(20, 400),
  /** Bytes per second of each request: over the thinnest line a part takes two seconds. */
  rate: fc.constantFrom(Infinity, Infinity, 160, 16),
  /** What the browser has of the files after a reload. */
  keeps: fc.constantFrom('record' as const, 'copy' as const, 'handle' as const),
  /** Whether all files are told of at the pick, or each as it is added. */
  isAnnounced: fc.boolean(),
  seed: fc.nat(1000),
})

export type QueueScenario = typeof queueScenario extends fc.Arbitrary<infer T> ? T : never
