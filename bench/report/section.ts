import type { Machine } from '../runner/machine.js'
import type { Run } from '../runner/run-upload.js'

/** Numbers side by side; the first column names the row. */
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

/** Bars with their spread, one for each contestant. */
export interface Chart {
  readonly title: string
  /** `MB/s` */
  readonly unit: string
  readonly bars: readonly Bar[]
}

/** What one workload found out. */
export interface Finding {
  readonly tables: readonly Table[]
  readonly chart: Chart | null
  /** Sentences below the table, made from the figures. */
  readonly notes: readonly string[]
  readonly runs: readonly Run[]
}

/** One workload's part of the report, with all that its figures depend on. */
export interface Section extends Finding {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mode: 'short' | 'full'
  /** ISO time of its end. */
  readonly at: string
  readonly machine: Machine
}
