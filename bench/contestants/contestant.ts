/** One way to upload, as it runs in the page. */
export interface Contestant {
  /** Not timed: what a page does before a file is picked. */
  prepare(task: Task): Promise<void>
  /** Timed, from the pick until the last file is stored and reported as done. */
  upload(files: readonly File[]): Promise<void>
}

/** What is to be uploaded, and where. */
export interface Task {
  /** `http://127.0.0.1:41234`, the store behind the link. */
  readonly storeOrigin: string
  readonly bucket: string
  readonly region: string
  /** Bytes of each file that will be picked. */
  readonly sizes: readonly number[]
  readonly settings: Settings
  /** Whether the figures that a person would see are noted, too; they cost a little. Default: not. */
  readonly figures?: boolean
  /** Tells one run from another; the same again when a page goes on with what an earlier one began. */
  readonly run: string
}

/** A variant of a contestant. Empty: its defaults. */
export type Settings = Readonly<Record<string, number>>
