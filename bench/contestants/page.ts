import type { Contestant, Task } from './contestant.js'

/** What the page measured. Times are unix milliseconds with fractions. */
export interface Outcome {
  readonly pickedAt: number
  readonly doneAt: number
  /** Main-thread tasks over 50 ms between the two (Long Tasks API), milliseconds. */
  readonly longTasks: readonly number[]
  /** Why it failed, if it did. */
  readonly error: string | null
}

/** What the runner calls. */
export interface BenchPage {
  prepare(task: Task): Promise<void>
  outcome(): Promise<Outcome>
}

declare global {
  var benchPage: BenchPage | undefined
}

const now = (): number => performance.timeOrigin + performance.now()

/** Hands the page's file input to a contestant, and the page to the runner. */
export function enter(contestant: Contestant): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  document.body.append(input)

  const longTasks: PerformanceEntry[] = []
  const collect = (entries: PerformanceEntryList): void => void longTasks.push(...entries)
  const observer = new PerformanceObserver((list) => collect(list.getEntries()))
  observer.observe({ type: 'longtask' })

  const outcome = new Promise<Outcome>((resolve) => {
    input.addEventListener('change', () => {
      const pickedAt = now()
      const end = (error: string | null): void => {
        const doneAt = now()
        // A task is reported after it has ended.
        setTimeout(() => {
          collect(observer.takeRecords())
          const from = pickedAt - performance.timeOrigin
          const seen = longTasks.filter(({ startTime, duration }) => startTime + duration > from)
          resolve({ pickedAt, doneAt, longTasks: seen.map(({ duration }) => duration), error })
        }, 100)
      }
      contestant.upload([...(input.files ?? [])]).then(
        () => end(null),
        (error: unknown) =>
          end(error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)),
      )
    })
  })
  globalThis.benchPage = { prepare: (task) => contestant.prepare(task), outcome: () => outcome }
}
