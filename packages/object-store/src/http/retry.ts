import { StoreError } from '../store-error.js'

export interface RetryPlan {
  /** Attempts in total. */
  readonly attempts: number
  /** Milliseconds; the upper bound of the first wait, doubled for each further one. */
  readonly firstDelay: number
  /** Milliseconds. */
  readonly longestDelay: number
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

export const defaultRetryPlan: RetryPlan = {
  attempts: 3,
  firstDelay: 200,
  longestDelay: 5_000,
  random: Math.random,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/**
 * Calls `attempt` again after a retryable {@link StoreError}, with full jitter: a random time up to a doubling bound,
 * so that many clients do not come back at once. A `Retry-After` is waited for, but no longer than `longestDelay`.
 */
export async function withRetries<T>(attempt: () => Promise<T>, plan: RetryPlan): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt()
    } catch (error) {
      if (number >= plan.attempts || !(error instanceof StoreError) || !error.retryable) throw error
      await plan.sleep(waitBefore(number, error.retryAfter, plan))
    }
  }
}

function waitBefore(number: number, retryAfter: number | undefined, plan: RetryPlan): number {
  const bound = Math.min(plan.longestDelay, plan.firstDelay * 2 ** (number - 1))
  return Math.max(plan.random() * bound, Math.min(retryAfter ?? 0, plan.longestDelay))
}
