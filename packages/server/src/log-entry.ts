/** One line of a structured log. It never contains a cookie, token, secret, signed URL or file name. */
export type LogEntry = RequestEntry | SweepEntry | BackgroundEntry | NoticeEntry

export interface RequestEntry {
  readonly severity: 'info' | 'warn' | 'error'
  readonly event: 'request'
  readonly method: string
  /** The route pattern, such as `/api/uploads/:id`. */
  readonly route: string
  readonly status: number
  /** Milliseconds. */
  readonly ms: number
  /** Pseudonym of the owner, the same for all of the owner's requests. */
  readonly owner?: string
  /** Id of the upload in the path. */
  readonly upload?: string
  /** Code of the problem that was answered. */
  readonly code?: string
  readonly error?: LoggedError
}

export interface SweepEntry {
  readonly severity: 'info' | 'warn'
  readonly event: 'sweep'
  readonly expired: number
  readonly completed: number
  readonly delivered: number
  readonly oversize: number
  readonly retired: number
  readonly cleaned: number
  readonly orphans: number
  readonly errors: number
}

export interface BackgroundEntry {
  readonly severity: 'error'
  readonly event: 'background'
  readonly what: string
  readonly error: LoggedError
}

export interface NoticeEntry {
  readonly severity: 'info' | 'warn'
  readonly event: 'notice'
  readonly message: string
}

export interface LoggedError {
  readonly name: string
  /** Message of an unexpected error; for others the code is enough. */
  readonly message?: string
  readonly stack?: string
  readonly storeCode?: string
  readonly storeStatus?: number
  readonly requestId?: string
  /** Why no answer came: `ECONNREFUSED`. */
  readonly reason?: string
}
