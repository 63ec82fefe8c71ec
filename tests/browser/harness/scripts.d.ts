// The repository's own scripts are plain JavaScript, because they run before anything is installed.
declare module '*/scripts/browsers.mjs' {
  /** Path of an installed Chromium or Chrome. */
  export function findChromium(): string | undefined
}
declare module '*/scripts/workspace.mjs' {
  export function buildComponents(): void
  /** Root folder of the repository. */
  export const root: string
  /** Builds the packages and the page if a source file has changed since the last build. */
  export function ensureBuilt(): void
}
