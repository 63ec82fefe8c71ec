import { basename } from 'node:path'
import type { RowState } from '../browser/harness/upload-row.js'
import type { Tab } from './drivers/engine.js'

/** What the row of one file shows. */
export interface ShownRow {
  readonly state: RowState
  /** Value of the progress bar, 0 to 100. */
  readonly percent: number
  /** Error code of `@carryon/client`; `null` unless the upload failed. */
  readonly errorCode: string | null
  /** Address of the finished file. */
  readonly url: string | null
  /** All visible text of the row. */
  readonly words: string
}

/** What the list of unfinished uploads shows for one upload. */
export interface Unfinished {
  /** What it needs to resume. */
  readonly needs: 'nothing' | 'permission' | 'file'
  /** Whether it had been paused. */
  readonly paused: boolean
}

const settled: readonly RowState[] = ['done', 'failed', 'cancelled']

/** Milliseconds between two readings of the page. */
const glance = 100

/** The page as a person sees it, in any engine. Elements are found by `data-testid`. */
export class EnginePage {
  readonly tab: Tab

  constructor(tab: Tab) {
    this.tab = tab
  }

  /** Opens the page and waits until it is usable. */
  static async open(tab: Tab, url: string): Promise<EnginePage> {
    await tab.goto(url)
    const page = new EnginePage(tab)
    await page.ready()
    return page
  }

  async ready(): Promise<void> {
    await this.until('a place to pick files', `document.querySelector('[data-testid="file-input"]') !== null`)
  }

  async reload(): Promise<void> {
    await this.tab.reload()
    await this.ready()
  }

  /** Picks files together. */
  pick(...paths: readonly string[]): Promise<void> {
    return this.tab.pick('[data-testid="file-input"]', ...paths)
  }

  /** Clicks a button of a file's row. */
  async press(path: string, testId: string): Promise<void> {
    const button = `${rowSelector('upload-row', path)} [data-testid="${testId}"]`
    await this.until(testId, `document.querySelector(${JSON.stringify(button)}) !== null`)
    await this.tab.click(button)
  }

  async row(path: string): Promise<ShownRow | null> {
    return (await this.tab.evaluate(`(${readRow})(${JSON.stringify(basename(path))})`)) as ShownRow | null
  }

  /**
   * Waits for one of `wanted`; rejects at once, with the row's text, if the row settles in another state.
   *
   * @param timeout Milliseconds. Default 60 000.
   */
  async waitFor(path: string, wanted: RowState | readonly RowState[], timeout = 60_000): Promise<ShownRow> {
    const states = typeof wanted === 'string' ? [wanted] : wanted
    return this.#watch(path, states.join(' or '), timeout, ({ state }) => states.includes(state))
  }

  /** Waits until the bar shows at least `percent`, 0 to 100. */
  async waitForPercent(path: string, percent: number, timeout = 60_000): Promise<ShownRow> {
    return this.#watch(path, `${percent} %`, timeout, (row) => row.percent >= percent)
  }

  /**
   * Waits until the file is in the list of unfinished uploads; resolves with what the list shows. An upload that
   * resumes by itself, which needs nothing, is listed for only two seconds.
   */
  async unfinished(path: string, timeout = 60_000): Promise<Unfinished> {
    const deadline = Date.now() + timeout
    for (;;) {
      const row = await this.tab.evaluate(`(${readUnfinished})(${JSON.stringify(basename(path))})`)
      if (row !== null) return row as Unfinished
      if ((await this.row(path)) !== null) return { needs: 'nothing', paused: false }
      if (Date.now() > deadline) throw new Error(`"${basename(path)}" is not among the unfinished uploads.`)
      await rest()
    }
  }

  /** Clicks the button that resumes an unfinished upload. */
  async resumeUnfinished(path: string): Promise<void> {
    await this.tab.click(`${rowSelector('unfinished-row', path)} [data-testid="unfinished-resume"]`)
  }

  /** Waits until a JavaScript expression is true in the page. */
  async until(what: string, expression: string, timeout = 60_000): Promise<void> {
    const deadline = Date.now() + timeout
    while ((await this.tab.evaluate(expression)) !== true) {
      if (Date.now() > deadline) throw new Error(`${what} did not come in ${timeout} ms.`)
      await rest()
    }
  }

  async #watch(
    path: string,
    what: string,
    timeout: number,
    arrived: (row: ShownRow) => boolean,
  ): Promise<ShownRow> {
    const deadline = Date.now() + timeout
    for (;;) {
      const row = await this.row(path)
      if (row !== null && arrived(row)) return row
      if (row !== null && settled.includes(row.state)) throw new Error(`${said(path, row)}; awaited: ${what}`)
      if (Date.now() > deadline) throw new Error(`${said(path, row)} after ${timeout} ms; awaited: ${what}`)
      await rest()
    }
  }
}

function said(path: string, row: ShownRow | null): string {
  if (row === null) return `There is no row "${basename(path)}"`
  return `Row "${basename(path)}" is ${row.state} at ${row.percent} % ("${row.words.replaceAll(/\s+/g, ' ')}")`
}

function rowSelector(testId: string, path: string): string {
  return `[data-testid="${testId}"][data-name="${basename(path)}"]`
}

/** Runs in the page. */
const readRow = `(name) => {
  const row = [...document.querySelectorAll('[data-testid="upload-row"]')].find((row) => row.dataset.name === name)
  if (row === undefined) return null
  const part = (id) => row.querySelector('[data-testid="' + id + '"]')
  return {
    state: row.dataset.state,
    percent: Number(part('upload-progress')?.getAttribute('aria-valuenow') ?? 0),
    errorCode: part('upload-error')?.dataset.code ?? null,
    url: part('upload-url')?.href ?? null,
    words: row.innerText,
  }
}`

/** Runs in the page. */
const readUnfinished = `(name) => {
  const row = [...document.querySelectorAll('[data-testid="unfinished-row"]')].find((row) => row.dataset.name === name)
  return row === undefined ? null : { needs: row.dataset.needs, paused: row.dataset.paused === 'true' }
}`

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, glance))
}
