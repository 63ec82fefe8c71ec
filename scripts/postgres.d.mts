/** Returns why PostgreSQL is unavailable here, or `null`. Installs Debian's package where possible. */
export function whyNoPostgres(): string | null

/** Starts an empty PostgreSQL server. It ends with `stop`, or when this process ends, even if it is killed. */
export function startPostgres(options?: {
  /** Whether a commit waits for the disk, as in production. Default false. */
  readonly durable?: boolean
}): Promise<{
  /** `postgres://…`, for a superuser. */
  readonly url: string
  stop(): Promise<void>
}>
