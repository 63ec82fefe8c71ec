import type { Locator, Page } from 'playwright-core'
import { cssString } from './css-string.js'

/** The row of an unfinished upload left by an earlier page, another tab or another machine. */
export class UnfinishedRow {
  readonly locator: Locator
  readonly #page: Page

  constructor(page: Page, name: string) {
    this.#page = page
    this.locator = page.locator(`[data-testid="unfinished-row"][data-name="${cssString(name)}"]`)
  }

  /** Picks a file with the row's own button. */
  async choose(path: string): Promise<void> {
    const chooser = this.#page.waitForEvent('filechooser')
    await this.locator.getByTestId('unfinished-resume').click()
    await (await chooser).setFiles(path)
  }

  /** Discards the upload, confirms, and waits until the row is gone. */
  async discard(): Promise<void> {
    await this.locator.getByTestId('unfinished-discard').click()
    await this.locator.getByTestId('unfinished-discard-confirm').click()
    await this.locator.waitFor({ state: 'detached' })
  }
}
