// The repository's own scripts are plain JavaScript, because they run before anything is installed.
declare module '*/scripts/browsers.mjs' {
  /** Path of an installed Chromium or Chrome. */
  export function findChromium(): string | undefined
}
declare module '*/scripts/workspace.mjs' {
  /** Builds the components for publishing if a source file has changed since the last build. */
  export function ensureComponentsBuilt(): void
  /** Root folder of the repository. */
  export const root: string
  /** Builds the packages and the page if a source file has changed since the last build. */
  export function ensureBuilt(): void
}
