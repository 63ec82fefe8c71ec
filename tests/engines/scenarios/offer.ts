import type { EnginePage } from '../page.js'

/**
 * What the page offers for an upload that an earlier run of the browser has left.
 *
 * - `by itself`: it goes on without being asked
 * - `paused`: it stands still until somebody says that it goes on, and needs nothing but that
 * - `one click`: it goes on once the browser was allowed to read the file
 * - `pick again`: the person has to find the file
 */
export type Offer = 'by itself' | 'paused' | 'one click' | 'pick again'

/** As the support table says it. */
export const meaning: Readonly<Record<Offer, string>> = {
  'by itself': 'continues by itself',
  paused: 'stays paused; continues with one click',
  'one click': 'continues with one click',
  'pick again': 'continues once the file is picked again',
}

/** Waits until the page says what becomes of the file's upload. */
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

/** Does what the page asks for, `copy` being the file where the person finds it. */
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
