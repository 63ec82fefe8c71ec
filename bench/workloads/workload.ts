import type { Finding } from '../report/section.js'
import type { SampleFiles } from '../runner/sample-files.js'

/** What a workload is given. */
export interface Bench {
  readonly files: SampleFiles
  readonly mode: 'short' | 'full'
  /** How often each contestant runs. */
  readonly rounds: number
  /** Says how far it is. */
  readonly say: (line: string) => void
}

/** One thing that is measured. */
export interface Workload {
  /** As `--only` takes it. */
  readonly name: string
  readonly title: string
  readonly description: (mode: Bench['mode']) => string
  /** Whether the short run has it. */
  readonly inShort: boolean
  /** What is missing to measure it here, in words; `null`: nothing. Default: nothing. */
  readonly lacks?: () => string | null
  readonly measure: (bench: Bench) => Promise<Finding>
}
