/** An error with a message for the user: why `carryon` cannot start or a command cannot run. */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
