import type { EnginePage } from '../page.js'

/**
 * What the page offers for an upload left by an earlier run of the browser.
 *
 * - `by itself`: resumes without being asked
 * - `paused`: stays paused until somebody resumes it, and needs nothing else
 * - `one click`: resumes once the browser was allowed to read the file
 * - `pick again`: the person has to find the file
 */
export type Offer = 'by itself' | 'paused' | 'one click' | 'pick again'

/** Wording used in the support table. */
export const meaning: Readonly<Record<Offer, string>> = {
  'by itself': 'continues by itself',
  paused: 'stays paused; continues with one click',
  'one click': 'continues with one click',
  'pick again': 'continues once the file is picked again',
}

/** Waits until the page shows how the file's upload can be resumed. */
export async function offerFor(page: EnginePage, path: string): Promise<Offer> {
  const { needs, paused } = await page.unfinished(path)
  switch (needs) {
    case 'file':
      return 'pick again'
    case 'permission':
      return 'one click'
    case 'nothing':
      return paused ? 'paused' : 'by itself'
  }
}

/**
 * Does what the page asks for.
 *
 * @param copy path at which the person finds the file
 */
export async function accept(page: EnginePage, path: string, offer: Offer, copy = path): Promise<void> {
  switch (offer) {
    case 'by itself':
      return
    case 'paused':
    case 'one click':
      return page.resumeUnfinished(path)
    case 'pick again':
      return page.pick(copy)
  }
}
