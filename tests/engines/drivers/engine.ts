/** The interface the scenarios drive: a browser engine, one person's browser, and its tabs. */

export const engineNames = ['chromium', 'firefox', 'webkitgtk'] as const
export type EngineName = (typeof engineNames)[number]

export interface Engine {
  readonly name: EngineName
  /** Display name. */
  readonly label: string
  /** Installs missing programs where possible; returns why the engine is not available, or `null`. */
  whyMissing(): string | null
  /** Starts it for a new person, on an empty profile. */
  launch(): Promise<EngineBrowser>
}

/** One person's browser: its profile on disk outlives each run of the program. */
export interface EngineBrowser {
  /** Version of the engine, like `153.7`. */
  readonly version: string
  /** First tab of the current run. */
  readonly tab: Tab
  newTab(): Promise<Tab>
  /** The `Cookie` header this browser sends to `url`. */
  cookie(url: string): Promise<string>
  /** Kills all browser processes at once, as a crash would; nothing is saved. */
  kill(): Promise<void>
  /** Closes the browser as a person does; everything is saved. */
  quit(): Promise<void>
  /** Starts the browser again on the same profile. */
  relaunch(): Promise<Tab>
  /** Ends the browser and removes its profile. */
  remove(): Promise<void>
}

/** A tab, driven from outside like a person would. Selectors are CSS and name the first matching element. */
export interface Tab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Evaluates a JavaScript expression, awaiting a promise; the value must be JSON. */
  evaluate(expression: string): Promise<unknown>
  /** Picks files together for an `input`, as the file dialog does. */
  pick(selector: string, ...paths: readonly string[]): Promise<void>
  click(selector: string): Promise<void>
  /** Saves the visible part of the tab as PNG. */
  screenshot(path: string): Promise<void>
  close(): Promise<void>
}
