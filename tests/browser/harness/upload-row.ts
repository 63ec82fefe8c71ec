import type { Locator, Page } from 'playwright-core'
import { cssString } from './css-string.js'

/** State a row shows; the states of `@carryon/client`. */
export type RowState =
  | 'identifying'
  | 'opening'
  | 'uploading'
  | 'waiting'
  | 'paused'
  | 'finishing'
  | 'done'
  | 'failed'
  | 'cancelled'

const settled: readonly RowState[] = ['done', 'failed', 'cancelled']

/** One file's row. */
export class UploadRow {
  readonly name: string
  readonly locator: Locator
  readonly #page: Page

  constructor(page: Page, name: string) {
    this.#page = page
    this.name = name
    this.locator = page.locator(`[data-testid="upload-row"][data-name="${cssString(name)}"]`).first()
  }

  async state(): Promise<RowState | null> {
    return (await this.locator.getAttribute('data-state')) as RowState | null
  }

  /**
   * Waits for one of `wanted`; rejects at once, with the row's text, if the row settles in another state.
   *
   * @param timeout Milliseconds. Default 60 000.
   */
  async waitFor(wanted: RowState | readonly RowState[], timeout = 60_000): Promise<RowState> {
    const states = typeof wanted === 'string' ? [wanted] : wanted
    const awaited = [...states, ...settled].map((state) => `[data-state="${state}"]`)
    const reached = this.locator.and(this.#page.locator(awaited.join(', ')))
    // Read from the element that matched, because the row may move on to another state right away.
    const state = await reached.getAttribute('data-state', { timeout }).catch(async (cause: unknown) => {
      throw new Error(`${await this.#describe()} after ${timeout} ms; awaited: ${states.join(' or ')}`, {
        cause,
      })
    })
    const found = states.find((wantedState) => wantedState === state)
    // The row may also have settled in a state that was not awaited.
    if (found !== undefined) return found
    throw new Error(`${await this.#describe()}; awaited: ${states.join(' or ')}`)
  }

  /** Waits until the bar shows at least `percent`, 0 to 100. */
  async waitForPercent(percent: number, timeout = 120_000): Promise<void> {
    const deadline = Date.now() + timeout
    while ((await this.percent()) < percent) {
      if (Date.now() > deadline) throw new Error(`${await this.#describe()}; awaited: ${percent} %`)
      const state = await this.state()
      if (state === 'failed' || state === 'cancelled') throw new Error(await this.#describe())
    }
  }

  /** Value of the progress bar, 0 to 100. */
  async percent(): Promise<number> {
    const text = await this.locator.getByTestId('upload-progress').getAttribute('aria-valuenow')
    return Number(text ?? 0)
  }

  /** Waits until `share` of the file, 0 to 1, is drawn as stored; bytes still being sent are drawn fainter. */
  async waitForStored(share: number, timeout = 60_000): Promise<void> {
    const bar = this.locator.locator('.carryon-bar__loaded')
    const deadline = Date.now() + timeout
    // Tolerance of half a thousandth, for rounding in the page's own figure.
    while (share - (await drawnShare(bar)) > 0.0005) {
      if (Date.now() > deadline) throw new Error(`${await this.#describe()}; awaited: ${share} stored`)
    }
  }

  text(): Promise<string> {
    return this.locator.getByTestId('upload-text').innerText()
  }

  error(): Promise<string> {
    return this.locator.getByTestId('upload-error').innerText()
  }

  /** The failure's error code, as in `@carryon/client`. */
  errorCode(): Promise<string | null> {
    return this.locator.getByTestId('upload-error').getAttribute('data-code')
  }

  /** Address of the finished file. */
  async url(): Promise<string> {
    const href = await this.locator.getByTestId('upload-url').getAttribute('href')
    if (href === null) throw new Error(`${this.name} has no link`)
    return new URL(href, this.#page.url()).href
  }

  pause(): Promise<void> {
    return this.locator.getByTestId('upload-pause').click()
  }

  /** Clicks "Resume". A row that had failed shows its new state one frame later: waits for that. */
  async resume(): Promise<void> {
    const hadFailed = (await this.state()) === 'failed'
    await this.locator.getByTestId('upload-resume').click()
    if (hadFailed)
      await this.locator.and(this.#page.locator('[data-state="failed"]')).waitFor({ state: 'detached' })
  }

  /** The question shown for a file that is already stored. */
  get duplicate(): Locator {
    return this.locator.getByTestId('duplicate')
  }

  useStored(): Promise<void> {
    return this.locator.getByTestId('duplicate-reuse').click()
  }

  uploadAgain(): Promise<void> {
    return this.locator.getByTestId('duplicate-copy').click()
  }

  /** Cancels, confirms if asked, and waits until the row is gone, which happens once the undo period has passed. */
  async cancel(): Promise<void> {
    await this.locator.getByTestId('upload-cancel').click()
    const gone = this.locator.waitFor({ state: 'detached' })
    const confirm = this.locator.getByTestId('upload-cancel-confirm')
    await Promise.race([gone, confirm.waitFor().then(() => confirm.click())])
    await gone
  }

  async #describe(): Promise<string> {
    if ((await this.locator.count()) === 0) return `There is no row "${this.name}"`
    const words = (await this.locator.innerText()).replaceAll(/\s+/g, ' ')
    return `Row "${this.name}" is ${String(await this.state())} ("${words}")`
  }
}

/** Drawn fraction of a bar, 0 to 1. */
async function drawnShare(bar: Locator): Promise<number> {
  const style = (await bar.getAttribute('style')) ?? ''
  return Number(/scaleX\(([\d.e-]+)\)/.exec(style)?.[1] ?? 0)
}
