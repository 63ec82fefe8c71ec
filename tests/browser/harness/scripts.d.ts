// The checkout's own scripts are plain JavaScript, because they run before anything is installed.
declare module '*/scripts/browsers.mjs' {
  /** Path of a Chromium or Chrome. */
  export function findChromium(): string | undefined
}
declare module '*/scripts/workspace.mjs' {
  export function buildComponents(): void
  /** The checkout's root folder. */
  export const root: string
  /** Builds packages and page when a source file has changed since the last build. */
  export function ensureBuilt(): void
}
