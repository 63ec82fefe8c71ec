/** A reason why `carryon` cannot start, as a message for the user. */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
