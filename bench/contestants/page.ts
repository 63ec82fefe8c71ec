import type { Contestant, Task } from './contestant.js'
import { figures } from './figures.js'
import type { Figure } from './figures.js'

/** What the page measured. Times are unix milliseconds with fractions. */
export interface Outcome {
  readonly pickedAt: number
  readonly doneAt: number
  /** Durations in milliseconds of main-thread tasks over 50 ms between the two times (Long Tasks API). */
  readonly longTasks: readonly number[]
  /** Why the upload failed; `null`: it did not. */
  readonly error: string | null
}

/** What the runner calls in the page. */
export interface BenchPage {
  prepare(task: Task): Promise<void>
  /** @param longestMs milliseconds after which an unfinished upload counts as failed */
  outcome(longestMs: number): Promise<Outcome>
  /** When a file was picked, and the progress figures shown since; recorded only if `Task.figures` is set. */
  shown(): { readonly pickedAt: number; readonly figures: readonly Figure[] }
}

declare global {
  var benchPage: BenchPage | undefined
}

/** Connects the page's file input to a contestant, and exposes the page to the runner. */
export function enter(contestant: Contestant): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  document.body.append(input)

  const longTasks: PerformanceEntry[] = []
  const collect = (entries: PerformanceEntryList): void => void longTasks.push(...entries)
  const observer = new PerformanceObserver((list) => collect(list.getEntries()))
  observer.observe({ type: 'longtask' })

  let pickedAt = NaN
  const ended = new Promise<{ readonly at: number; readonly error: string | null }>((resolve) => {
    input.addEventListener('change', () => {
      pickedAt = now()
      contestant.upload([...(input.files ?? [])]).then(
        () => resolve({ at: now(), error: null }),
        (error: unknown) => resolve({ at: now(), error: wordsOf(error) }),
      )
    })
  })

  const outcome = async (longestMs: number): Promise<Outcome> => {
    const tooLong = wait(longestMs).then(() => ({
      at: now(),
      error: `Did not end within ${longestMs / 1000} s.`,
    }))
    const { at: doneAt, error } = await Promise.race([ended, tooLong])
    // Long tasks are reported only after they have ended.
    await wait(100)
    collect(observer.takeRecords())
    const from = pickedAt - performance.timeOrigin
    const seen = longTasks.filter(({ startTime, duration }) => startTime + duration > from)
    return { pickedAt, doneAt, longTasks: seen.map(({ duration }) => duration), error }
  }
  globalThis.benchPage = {
    prepare: (task) => contestant.prepare(task),
    outcome,
    shown: () => ({ pickedAt, figures }),
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
}
