import fc from 'fast-check'
import { fault } from './scenario.js'

/** User actions and events, each after a delay. */
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
  /** Index of the file. */
  which: fc.nat(7),
})

/** A schedule for several files that are picked together. */
export const queueScenario = fc.record({
  /**
   * Faults of the requests in order; later requests succeed. Without `altered`: an altered file would be reported and
   * not stored.
   */
  faults: fc.array(
    fault.filter((one) => one !== 'altered'),
    { maxLength: 60 },
  ),
  steps: fc.array(step, { maxLength: 6 }),
  /** Bytes of each file: enough for all files to differ. */
  sizes: fc.array(fc.integer({ min: 8, max: 400 }), { minLength: 2, maxLength: 8 }),
  filesAtOnce: fc.integer({ min: 1, max: 3 }),
  /** Bytes: files up to this size are sent as one PUT. */
  largestSingle: fc.constantFrom(0, 150),
  mode: fc.constantFrom('credentials' as const, 'urls' as const),
  /** Milliseconds per request. */
  latency: fc.constantFrom(20, 400),
  /** Bytes per second of each request: at the lowest rate a part takes some seconds. */
  rate: fc.constantFrom(Infinity, Infinity, 160, 16),
  /** What the browser keeps of the files over a reload. */
  keeps: fc.constantFrom('record' as const, 'copy' as const, 'handle' as const),
  /** Whether all files are announced at the pick, or each when it is added. */
  isAnnounced: fc.boolean(),
  seed: fc.nat(1000),
})

export type QueueScenario = typeof queueScenario extends fc.Arbitrary<infer T> ? T : never
