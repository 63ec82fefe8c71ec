/** Why there can be no PostgreSQL here, or `null`; installs Debian's where that is possible. */
export function whyNoPostgres(): string | null

/** Starts one that is empty. It ends with `stop`, or with this process, however that ends. */
export function startPostgres(options?: {
  /** Whether a commit waits for the disk, as in operation. Default false. */
  readonly durable?: boolean
}): Promise<{
  /** `postgres://…`, of a user who may do everything. */
  readonly url: string
  stop(): Promise<void>
}>
