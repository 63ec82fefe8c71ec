/** What the scenarios drive: one browser engine, a person's browser of it, and its tabs. */

export const engineNames = ['chromium', 'firefox', 'webkitgtk'] as const
export type EngineName = (typeof engineNames)[number]

export interface Engine {
  readonly name: EngineName
  /** As people call it. */
  readonly label: string
  /** Installs what is missing where that is possible; says why the engine cannot be had, or `null`. */
  whyMissing(): string | null
  /** Starts it for a person of their own, on a profile that is empty. */
  launch(): Promise<EngineBrowser>
}

/** One person's browser: a profile on disk that outlives each run of the program. */
export interface EngineBrowser {
  /** The engine's own version, like `153.7`. */
  readonly version: string
  /** The first tab of the run under way. */
  readonly tab: Tab
  newTab(): Promise<Tab>
  /** The `Cookie` header that this browser sends to `url`. */
  cookie(url: string): Promise<string>
  /** Ends every process of the browser at once, as a crash would; nothing is saved. */
  kill(): Promise<void>
  /** Closes it as a person does; everything is saved. */
  quit(): Promise<void>
  /** Starts the program again on the same profile. */
  relaunch(): Promise<Tab>
  /** Ends it and removes the profile. */
  remove(): Promise<void>
}

/** A tab, driven from outside as a person would. Selectors are CSS and name the first element that they fit. */
export interface Tab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** The value of a JavaScript expression, or of the promise that it is; it must be JSON. */
  evaluate(expression: string): Promise<unknown>
  /** Picks files together for an `input`, as the file dialog does. */
  pick(selector: string, ...paths: readonly string[]): Promise<void>
  click(selector: string): Promise<void>
  /** The tab's visible part, as PNG. */
  screenshot(path: string): Promise<void>
  close(): Promise<void>
}
