import fc from 'fast-check'
import type { SimFault } from './sim-faults.js'

/** What goes wrong with one request after the other; `null` is a request that passes. */
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
      // Also what the server makes of a complete that the store answers with 200 and an error in its body.
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

/** What people and the world do, each after a while. */
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
  /** The part that is lost, edited, or the last that is left. */
  part: fc.integer({ min: 1, max: partCount }),
})

/** One schedule: who does what when, and which request meets what. */
export const scenario = fc.record({
  /** Of the requests in their order; those after the last pass. */
  faults: fc.array(fault, { maxLength: 60 }),
  steps: fc.array(step, { maxLength: 6 }),
  mode: fc.constantFrom('credentials' as const, 'urls' as const),
  /** Whether the client decides group by group how large the later parts are; else all have one size. */
  grows: fc.boolean(),
  failsWhenChanged: fc.boolean(),
  crc64Type: fc.constantFrom('crc64ecma' as const, 'crc64nvme' as const),
  /** Milliseconds: 0 joins at once, else complete is answered 202 first. */
  joinTime: fc.constantFrom(0, 3000),
  /** Seconds. */
  lifetime: fc.constantFrom(20, 1800),
  /** Milliseconds per request: what takes longer leaves time to copy. */
  latency: fc.constantFrom(20, 400),
  /** Bytes per second of each request: over the thinnest line a file in one PUT takes half of the shortest permission. */
  rate: fc.constantFrom(Infinity, Infinity, 320, 64),
  /** What the browser has of the file after a reload. */
  keeps: fc.constantFrom('nothing' as const, 'nothing' as const, 'copy' as const, 'handle' as const),
  /** Whether the file is so small that it goes as one PUT. */
  isSmall: fc.constantFrom(false, false, false, true),
  /** Whether that goes by a form. */
  sendsForms: fc.boolean(),
  seed: fc.nat(1000),
})

export type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never
export type Step = Scenario['steps'][number]

/** The scenario without the steps that `pattern` fits. */
export function without({ steps, ...rest }: Scenario, pattern: RegExp): Scenario {
  return { ...rest, steps: steps.filter(({ kind }) => !pattern.test(kind)) }
}
