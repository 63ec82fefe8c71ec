import { CosError, isCosErrorCode, type CosErrorCode } from './errors.js'

/** What goes wrong. All numbers may be fractions; times are milliseconds unless the name says otherwise. */
export type Fault =
  /** The request waits before it is looked at. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The body is read no faster than this. */
  | { readonly kind: 'rate'; readonly bytesPerSecond: number }
  /** The connection is reset once so much of the body was read. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Nothing is ever answered, once so much of the body was read. */
  | { readonly kind: 'hang'; readonly afterBytes?: number }
  /** The request is carried out in full, then the connection is reset instead of an answer. */
  | { readonly kind: 'lose-answer' }
  /** Refused with this code (`SlowDown`, `UserNetworkTooSlow`, `RequestTimeout`, `ExpiredToken`, `InternalError`, …). */
  | {
      readonly kind: 'error'
      /** One of COS's. */
      readonly code: CosErrorCode
      /** For the `<Message>` of the answer. @default that of a fault */
      readonly message?: string
      /** For the header `Retry-After`. @default no such header */
      readonly retryAfterSeconds?: number
      /** `body`: only after the body was read in full. Default `headers`. */
      readonly after?: 'headers' | 'body'
    }
  /** The store's clock is off by so much, for the signature and in `Date`. */
  | { readonly kind: 'clock-skew'; readonly seconds: number }
  /** Completing takes so long; blanks are sent meanwhile. */
  | { readonly kind: 'slow-complete'; readonly milliseconds: number }
  /** Completing answers 200 and then an `<Error>` of this code; the upload stays open. */
  | { readonly kind: 'late-error'; readonly code: CosErrorCode; readonly message?: string }
  /** The disk is full once so much of the body was written. */
  | { readonly kind: 'disk-full'; readonly afterBytes?: number }

/** Which requests a fault strikes. What is left out fits every request. */
export interface FaultRule {
  /** What happens to the requests that fit. */
  readonly fault: Fault
  /** Such as `UploadPart`; `Preflight` and `STS` too. */
  readonly operation?: string
  /** A piece of the object's key. */
  readonly keyContains?: string
  /** 1 to 10 000; of requests about one part. */
  readonly partNumber?: number
  /** 0 to 1, of the requests that fit. Default 1. */
  readonly probability?: number
  /** Strikes so many times, then never more. Default: no end. */
  readonly times?: number
  /** Lets so many fitting requests pass first. Default 0. */
  readonly skip?: number
}

export interface FaultTarget {
  readonly operation: string
  readonly key: string
  readonly partNumber: number | undefined
}

/** The fault switch of tests. */
export class Faults {
  #rules: { readonly rule: FaultRule; fitted: number; struck: number }[] = []

  /** Adds a rule, or several. */
  set(...rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, fitted: 0, struck: 0 })
  }

  /** Drops all rules. */
  clear(): void {
    this.#rules = []
  }

  /** The rules in force and how often each has struck. */
  get rules(): readonly { readonly rule: FaultRule; readonly struck: number }[] {
    return this.#rules.map(({ rule, struck }) => ({ rule, struck }))
  }

  /** The faults that strike this request; counts it. */
  strike(target: FaultTarget): readonly Fault[] {
    return this.#strike(target, () => true)
  }

  /** Those that name a piece of the key, for a request that tells its key late: at its start they could not fit it. */
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

/** Reads rules that came as JSON over the admin call. @throws {@link CosError} `InvalidArgument` */
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
