import type { BrowserContext } from 'playwright-core'

/** Leaves pages opened from now on no storage quota for local copies, so that the file has to be picked again. */
export async function leaveNoRoom(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    navigator.storage.estimate = async () => ({ quota: 0, usage: 0 })
  })
}
