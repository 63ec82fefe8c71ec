import type { Locator, Page } from 'playwright-core'
import { cssString } from './css-string.js'

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
