import type { BrowserContext } from 'playwright-core'

/** From the next page on the browser has no room to keep anything of a file, so the file has to be picked again. */
export async function leaveNoRoom(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    navigator.storage.estimate = async () => ({ quota: 0, usage: 0 })
  })
}
