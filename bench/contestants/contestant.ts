/** One way to upload, as it runs in the page. */
export interface Contestant {
  /** What a page does before a file is picked. Not timed. */
  prepare(task: Task): Promise<void>
  /** Uploads the files. Timed from the pick until the last file is stored and reported as done. */
  upload(files: readonly File[]): Promise<void>
}

/** What to upload, and where to. */
export interface Task {
  /** Origin of the store behind the link, such as `http://127.0.0.1:41234`. */
  readonly storeOrigin: string
  readonly bucket: string
  readonly region: string
  /** Sizes in bytes of the files that will be picked. */
  readonly sizes: readonly number[]
  readonly settings: Settings
  /** Whether to record the progress figures that a user would see, which costs a little time. Default: false. */
  readonly figures?: boolean
  /** Identifies the run; stays the same when a reloaded page resumes an upload. */
  readonly run: string
}

/** Settings of a contestant, by name. Empty: its defaults. */
export type Settings = Readonly<Record<string, number>>
