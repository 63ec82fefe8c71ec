import type { Finding } from '../report/section.js'
import type { SampleFiles } from '../runner/sample-files.js'

/** What a workload receives from the runner. */
export interface Bench {
  readonly files: SampleFiles
  readonly mode: 'short' | 'full'
  /** Number of runs of each contestant. */
  readonly rounds: number
  /** Prints progress. */
  readonly say: (line: string) => void
}

/** One measurement of the bench. */
export interface Workload {
  /** Its name for `--only`. */
  readonly name: string
  readonly title: string
  readonly description: (mode: Bench['mode']) => string
  /** Whether a short run includes it. */
  readonly inShort: boolean
  /** Describes what is missing to measure it on this machine; `null`: nothing. Default: nothing is missing. */
  readonly lacks?: () => string | null
  readonly measure: (bench: Bench) => Promise<Finding>
}
