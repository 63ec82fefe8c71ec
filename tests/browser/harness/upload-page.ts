import { basename } from 'node:path'
import type { Locator, Page } from 'playwright-core'

/** What a row says it is in; the states of `@carryon/client`. */
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

/** A file that exists in memory only, so that its name may be anything. */
export interface FileInMemory {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** The page as a person sees it. Every part is found by its `data-testid`, which are the page's contract. */
export class UploadPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the page and waits until it can be used. */
  static async open(page: Page, url: string): Promise<UploadPage> {
    await page.goto(url)
    const opened = new UploadPage(page)
    await opened.ready()
    return opened
  }

  async ready(): Promise<void> {
    await this.page.getByTestId('file-input').waitFor({ state: 'attached' })
  }

  async reload(): Promise<void> {
    await this.page.reload()
    await this.ready()
  }

  /** Picks files as the file dialog does. */
  async pick(...files: readonly (string | FileInMemory)[]): Promise<void> {
    const input = this.page.getByTestId('file-input')
    const paths = files.filter((file) => typeof file === 'string')
    const inMemory = files.filter((file) => typeof file !== 'string')
    await input.setInputFiles(inMemory.length > 0 ? inMemory : paths)
  }

  /** All rows, of any file. */
  get rows(): Locator {
    return this.page.getByTestId('upload-row')
  }

  /** The row of a file by its path or name; the newest when there are several. */
  row(pathOrName: string): UploadRow {
    return new UploadRow(this.page, basename(pathOrName))
  }

  /** The row of a file whose name holds a slash. */
  rowNamed(name: string): UploadRow {
    return new UploadRow(this.page, name)
  }

  get unfinished(): Locator {
    return this.page.getByTestId('unfinished-row')
  }

  unfinishedRow(path: string): UnfinishedRow {
    return new UnfinishedRow(this.page, basename(path))
  }

  /** Switches between the page's two languages. */
  async switchLanguage(): Promise<void> {
    await this.page.getByTestId('language').click()
  }

  /** Everything that can be read on the page. */
  bodyText(): Promise<string> {
    return this.page.locator('body').innerText()
  }

  /** Whether the page would ask before it is left; asked without leaving it. */
  wouldWarnOfLeaving(): Promise<boolean> {
    return this.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })))
  }

  /** Tries to close the tab as a person does and, when asked, stays; says whether the browser asked. */
  async tryToClose(): Promise<boolean> {
    // Chromium asks only on a page that was touched.
    await this.page.mouse.click(2, 2)
    const asked = this.page.waitForEvent('dialog', { timeout: 5000 }).then(async (dialog) => {
      await dialog.dismiss()
      return dialog.type() === 'beforeunload'
    })
    await this.page.close({ runBeforeUnload: true })
    return asked
  }
}

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
   * Waits for one of `wanted`; rejects at once, with what the row says, when it settles in another state.
   * @param timeout Milliseconds. Default 60 000.
   */
  async waitFor(wanted: RowState | readonly RowState[], timeout = 60_000): Promise<RowState> {
    const states = typeof wanted === 'string' ? [wanted] : wanted
    const awaited = [...states, ...settled].map((state) => `[data-state="${state}"]`)
    const reached = this.locator.and(this.#page.locator(awaited.join(', ')))
    try {
      await reached.waitFor({ state: 'attached', timeout })
    } catch (cause) {
      throw new Error(`${await this.#describe()} after ${timeout} ms; awaited: ${states.join(' or ')}`, {
        cause,
      })
    }
    const state = await this.state()
    // A state may have passed by already: `uploading` is reached when it is `done`.
    if (state !== null && states.includes(state)) return state
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

  /** 0 to 100, as the bar shows it. */
  async percent(): Promise<number> {
    const text = await this.locator.getByTestId('upload-progress').getAttribute('aria-valuenow')
    return Number(text ?? 0)
  }

  text(): Promise<string> {
    return this.locator.getByTestId('upload-text').innerText()
  }

  error(): Promise<string> {
    return this.locator.getByTestId('upload-error').innerText()
  }

  /** The code of the failure, as `@carryon/client` names it. */
  errorCode(): Promise<string | null> {
    return this.locator.getByTestId('upload-error').getAttribute('data-code')
  }

  /** The finished file's address. */
  async url(): Promise<string> {
    const href = await this.locator.getByTestId('upload-url').getAttribute('href')
    if (href === null) throw new Error(`${this.name} has no link`)
    return new URL(href, this.#page.url()).href
  }

  pause(): Promise<void> {
    return this.locator.getByTestId('upload-pause').click()
  }

  resume(): Promise<void> {
    return this.locator.getByTestId('upload-resume').click()
  }

  /** Cancels, says yes when asked, and waits until the row is gone. */
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

/** The row of an upload that an earlier page, tab or machine has left. */
export class UnfinishedRow {
  readonly locator: Locator
  readonly #page: Page

  constructor(page: Page, name: string) {
    this.#page = page
    this.locator = page.locator(`[data-testid="unfinished-row"][data-name="${cssString(name)}"]`)
  }

  /** Chooses a file by the row's own button. */
  async choose(path: string): Promise<void> {
    const chooser = this.#page.waitForEvent('filechooser')
    await this.locator.getByTestId('unfinished-resume').click()
    await (await chooser).setFiles(path)
  }

  /** Discards it, says yes, and waits until the row is gone. */
  async discard(): Promise<void> {
    await this.locator.getByTestId('unfinished-discard').click()
    await this.locator.getByTestId('unfinished-discard-confirm').click()
    await this.locator.waitFor({ state: 'detached' })
  }
}

function cssString(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`)
}
