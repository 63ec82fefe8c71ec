import { CosError, isCosErrorCode, type CosErrorCode } from './errors.js'

/** A fault to inject. All numbers may be fractions; times are in milliseconds unless the name says otherwise. */
export type Fault =
  /** Delays the request before it is processed. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Reads the body no faster than this. */
  | { readonly kind: 'rate'; readonly bytesPerSecond: number }
  /** Resets the connection after this much of the body was read. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Never answers, once this much of the body was read. */
  | { readonly kind: 'hang'; readonly afterBytes?: number }
  /** Carries out the request in full, then resets the connection instead of answering. */
  | { readonly kind: 'lose-answer' }
  /**
   * Refuses the request with this code (`SlowDown`, `UserNetworkTooSlow`, `RequestTimeout`, `ExpiredToken`,
   * `InternalError`, …).
   */
  | {
      readonly kind: 'error'
      /** One of COS's error codes. */
      readonly code: CosErrorCode
      /** `<Message>` of the answer. @default 'A fault was asked for.' */
      readonly message?: string
      /** Value of the header `Retry-After`. @default no such header */
      readonly retryAfterSeconds?: number
      /** `body`: refuse only after reading the whole body. Default `headers`. */
      readonly after?: 'headers' | 'body'
    }
  /** Offsets the store's clock by this much, for signature checks and the `Date` header. */
  | { readonly kind: 'clock-skew'; readonly seconds: number }
  /** Makes completing an upload take this long; spaces are sent meanwhile. */
  | { readonly kind: 'slow-complete'; readonly milliseconds: number }
  /** Answers a complete request with 200 and then an `<Error>` with this code; the upload stays open. */
  | { readonly kind: 'late-error'; readonly code: CosErrorCode; readonly message?: string }
  /** Fails as if the disk were full after this much of the body was written. */
  | { readonly kind: 'disk-full'; readonly afterBytes?: number }

/** Selects the requests a fault applies to. An omitted criterion matches every request. */
export interface FaultRule {
  /** The fault to apply to matching requests. */
  readonly fault: Fault
  /** Operation such as `UploadPart`; also `Preflight` and `STS`. */
  readonly operation?: string
  /** Text that the object's key must contain. */
  readonly keyContains?: string
  /** Part number, 1 to 10 000; matches only requests about one part. */
  readonly partNumber?: number
  /** Probability from 0 to 1 that the fault applies to a matching request. Default 1. */
  readonly probability?: number
  /** Maximum number of times the fault applies. Default: unlimited. */
  readonly times?: number
  /** Number of matching requests to let through first. Default 0. */
  readonly skip?: number
}

export interface FaultTarget {
  readonly operation: string
  readonly key: string
  readonly partNumber: number | undefined
}

/** Injects faults in tests. */
export class Faults {
  #rules: { readonly rule: FaultRule; fitted: number; struck: number }[] = []

  /** Adds one or more rules. */
  set(...rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, fitted: 0, struck: 0 })
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules = []
  }

  /** Current rules, and how often each was applied. */
  get rules(): readonly { readonly rule: FaultRule; readonly struck: number }[] {
    return this.#rules.map(({ rule, struck }) => ({ rule, struck }))
  }

  /** Returns the faults to apply to this request, and counts it. */
  strike(target: FaultTarget): readonly Fault[] {
    return this.#strike(target, () => true)
  }

  /**
   * Like {@link Faults.strike}, but only for rules with `keyContains`: for a form, whose key is known only
   * after its fields are read.
   */
  strikeKeyed(target: FaultTarget): readonly Fault[] {
    return this.#strike(target, ({ keyContains = '' }) => keyContains !== '')
  }

  #strike(target: FaultTarget, isMeant: (rule: FaultRule) => boolean): readonly Fault[] {
    return this.#rules
      .filter((entry) => {
        const { rule } = entry
        if (!isMeant(rule)) return false
        if (rule.operation !== undefined && rule.operation !== target.operation) return false
        if (rule.keyContains !== undefined && !target.key.includes(rule.keyContains)) return false
        if (rule.partNumber !== undefined && rule.partNumber !== target.partNumber) return false
        entry.fitted++
        if (entry.fitted <= (rule.skip ?? 0) || entry.struck >= (rule.times ?? Infinity)) return false
        if (Math.random() >= (rule.probability ?? 1)) return false
        entry.struck++
        return true
      })
      .map((entry) => entry.rule.fault)
  }
}

export function errorOfFault(fault: Extract<Fault, { kind: 'error' | 'late-error' }>): CosError {
  const retryAfter = fault.kind === 'error' ? fault.retryAfterSeconds : undefined
  return new CosError(fault.code, fault.message ?? 'A fault was asked for.', {
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
  })
}

/** Parses rules from the JSON of an admin call. @throws {@link CosError} `InvalidArgument` */
export function parseFaultRules(json: string): readonly FaultRule[] {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new CosError('InvalidArgument', 'The fault rules are not JSON.', { cause: error })
  }
  const rules: readonly unknown[] = Array.isArray(value) ? value : [value]
  return rules.map((rule) => {
    if (!isFaultRule(rule)) throw new CosError('InvalidArgument', `Not a fault rule: ${JSON.stringify(rule)}`)
    return rule
  })
}

const numbersOfKind: Readonly<Record<string, readonly string[]>> = {
  delay: ['milliseconds'],
  rate: ['bytesPerSecond'],
  reset: ['afterBytes'],
  hang: [],
  'lose-answer': [],
  error: [],
  'clock-skew': ['seconds'],
  'slow-complete': ['milliseconds'],
  'late-error': [],
  'disk-full': [],
}

function isFaultRule(value: unknown): value is FaultRule {
  if (typeof value !== 'object' || value === null || !('fault' in value)) return false
  const fault = value.fault
  if (typeof fault !== 'object' || fault === null || !('kind' in fault) || typeof fault.kind !== 'string')
    return false
  const numbers = numbersOfKind[fault.kind]
  if (numbers === undefined) return false
  const fields: Readonly<Record<string, unknown>> = { ...fault }
  const needsCode = fault.kind === 'error' || fault.kind === 'late-error'
  const code = fields['code']
  return (
    numbers.every((name) => typeof fields[name] === 'number') &&
    (!needsCode || (typeof code === 'string' && isCosErrorCode(code)))
  )
}
