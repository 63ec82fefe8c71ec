import fc from 'fast-check'
import type { SimFault } from './sim-faults.js'

/** Faults of successive requests; `null` is a request that succeeds. */
export const fault: fc.Arbitrary<SimFault | null> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<SimFault>(
      'lost-before',
      'lost-after',
      'hang',
      'slow',
      'duplicate',
      'altered',
      { status: 500, code: 'InternalError' },
      { status: 503, code: 'SlowDown' },
      { status: 400, code: 'UserNetworkTooSlow' },
      { status: 400, code: 'ExpiredToken' },
      { status: 403, code: 'RequestTimeTooSkewed' },
      // Also the server's answer when the store answers a complete with 200 and an error in its body.
      { refusal: 'store-unavailable' },
      { status: 502, page: '<html>Bad gateway</html>' },
      { status: 200, page: '<html>Sign in to this network</html>' },
      { refusal: 'internal' },
      { refusal: 'internal', afterwards: true },
    ),
  },
)

/** Parts of the file that every scenario is about. */
export const partCount = 20

/** User actions and events, each after a delay. */
const step = fc.record({
  /** Milliseconds. */
  after: fc.integer({ min: 0, max: 400 }),
  kind: fc.constantFrom(
    'pause',
    'resume',
    'cancel',
    'kill and pick again',
    'kill and resume',
    'second tab',
    'offline for hours',
    'restart the server',
    'expire all grants',
    'lose a part',
    'lose the upload',
    'edit the file',
    'edit and pick again',
    'edit unseen',
    'truncate the file',
    'truncate and pick again',
    'remove the file',
    'clock jumps',
  ),
  /** The part that is lost or edited, or the last one that remains. */
  part: fc.integer({ min: 1, max: partCount }),
})

/** One schedule of steps and faults. */
export const scenario = fc.record({
  /** Faults of the requests in order; later requests succeed. */
  faults: fc.array(fault, { maxLength: 60 }),
  steps: fc.array(step, { maxLength: 6 }),
  mode: fc.constantFrom('credentials' as const, 'urls' as const),
  /** Whether the client chooses the size of later parts group by group; otherwise all parts have one size. */
  grows: fc.boolean(),
  failsWhenChanged: fc.boolean(),
  crc64Type: fc.constantFrom('crc64ecma' as const, 'crc64nvme' as const),
  /** Milliseconds: with 0 the store joins at once, otherwise complete is answered with 202 first. */
  joinTime: fc.constantFrom(0, 3000),
  /** Seconds. */
  lifetime: fc.constantFrom(20, 1800),
  /** Milliseconds per request: the longer one leaves time to copy. */
  latency: fc.constantFrom(20, 400),
  /**
   * Bytes per second of each request: at the lowest rate a file in one PUT takes half of the shortest grant lifetime.
   */
  rate: fc.constantFrom(Infinity, Infinity, 320, 64),
  /** What the browser keeps of the file over a reload. */
  keeps: fc.constantFrom('nothing' as const, 'nothing' as const, 'copy' as const, 'handle' as const),
  /** Whether the file is small enough to be sent as one PUT. */
  isSmall: fc.constantFrom(false, false, false, true),
  /** Whether a small file is sent by a form. */
  sendsForms: fc.boolean(),
  seed: fc.nat(1000),
})

export type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never
export type Step = Scenario['steps'][number]

/** The scenario without steps whose kind matches `pattern`. */
export function without({ steps, ...rest }: Scenario, pattern: RegExp): Scenario {
  return { ...rest, steps: steps.filter(({ kind }) => !pattern.test(kind)) }
}
