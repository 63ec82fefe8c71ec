import type { EnginePage } from '../page.js'

/**
 * What the page offers for an upload that an earlier run of the browser has left.
 *
 * - `by itself`: it is under way already
 * - `paused`: it stands still until it is told to go on, and needs nothing but that
 * - `one click`: it goes on once the browser was allowed to read the file
 * - `pick again`: the person has to find the file
 */
export type Offer = 'by itself' | 'paused' | 'one click' | 'pick again'

/** Milliseconds for a page to begin what it does without being asked. */
const patience = 5_000

/** Waits until the page says what becomes of the file's upload. */
export async function offerFor(page: EnginePage, path: string): Promise<Offer> {
  await page.waitForAnyRow(path)
  const deadline = Date.now() + patience
  for (;;) {
    const row = await page.row(path)
    if (row?.state === 'paused') return 'paused'
    if (row !== null) return 'by itself'
    if (Date.now() > deadline) return 'pick again'
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Does what the page asks for, `copy` being the file where the person finds it. */
export async function accept(page: EnginePage, path: string, offer: Offer, copy = path): Promise<void> {
  switch (offer) {
    case 'by itself':
      return
    case 'paused':
      return page.press(path, 'upload-resume')
    case 'one click':
      throw new Error('not yet')
    case 'pick again':
      return page.pick(copy)
  }
}
