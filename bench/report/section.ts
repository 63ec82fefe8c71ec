import type { Machine } from '../runner/machine.js'
import type { Run } from '../runner/run-upload.js'

/** A table of figures; the first column names the row. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Bar {
  readonly label: string
  readonly median: number
  readonly min: number
  readonly max: number
}

/** A bar chart with one bar for each contestant. */
export interface Chart {
  readonly title: string
  /** Unit of the values, such as `MB/s`. */
  readonly unit: string
  readonly bars: readonly Bar[]
}

/** Results of one workload. */
export interface Finding {
  readonly tables: readonly Table[]
  readonly chart: Chart | null
  /** Sentences below the tables, generated from the figures. */
  readonly notes: readonly string[]
  readonly runs: readonly Run[]
}

/** One workload's part of the report, including everything that its figures depend on. */
export interface Section extends Finding {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mode: 'short' | 'full'
  /** ISO time at which the measurement ended. */
  readonly at: string
  readonly machine: Machine
}
