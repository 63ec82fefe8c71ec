import { basename } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { UnfinishedRow } from './unfinished-row.js'
import { UploadRow } from './upload-row.js'

/** A file that exists only in memory, so that its name may be anything. */
export interface FileInMemory {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** The page as a person sees it. Elements are found by `data-testid`, which is the page's contract. */
export class UploadPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the page and waits until it is usable. */
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

  /** Picks files as the file dialog would. */
  async pick(...files: readonly (string | FileInMemory)[]): Promise<void> {
    const input = this.page.getByTestId('file-input')
    const paths = files.filter((file) => typeof file === 'string')
    const inMemory = files.filter((file) => typeof file !== 'string')
    await input.setInputFiles(inMemory.length > 0 ? inMemory : paths)
  }

  /** The upload limits the drop zone states; `null` if it states none. */
  async limits(): Promise<string | null> {
    const line = this.page.getByTestId('limits')
    return (await line.count()) === 0 ? null : line.textContent()
  }

  /** Names of the picked files that are not uploaded, each with the reason. */
  leftOut(): Promise<readonly string[]> {
    return this.page
      .getByTestId('left-out-row')
      .evaluateAll((rows) => rows.map((row) => `${row.dataset['name']} ${row.dataset['why']}`))
  }

  /** All upload rows. */
  get rows(): Locator {
    return this.page.getByTestId('upload-row')
  }

  /** The row of a file by its path or name; the newest if there are several. */
  row(pathOrName: string): UploadRow {
    return new UploadRow(this.page, basename(pathOrName))
  }

  /** The row of a file whose name contains a slash. */
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

  /** All text visible on the page. */
  bodyText(): Promise<string> {
    return this.page.locator('body').innerText()
  }

  /** Whether the page would ask before being left; checked without leaving it. */
  wouldWarnOfLeaving(): Promise<boolean> {
    return this.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })))
  }

  /** Tries to close the tab as a person does and, if asked, stays; resolves with whether the browser asked. */
  async tryToClose(): Promise<boolean> {
    // Chromium asks only on a page the user has interacted with.
    await this.page.mouse.click(2, 2)
    const asked = this.page.waitForEvent('dialog', { timeout: 5000 }).then(async (dialog) => {
      await dialog.dismiss()
      return dialog.type() === 'beforeunload'
    })
    await this.page.close({ runBeforeUnload: true })
    return asked
  }
}
