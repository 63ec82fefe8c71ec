import type { BrowserContext, Page } from 'playwright-core'

interface HandlingWindow {
  showOpenFilePicker: () => Promise<readonly FileSystemFileHandle[]>
}

/**
 * Makes the page's file dialog return a real handle to a file in the origin private file system, because no tool can
 * drive the dialog itself. That file system grants permission without asking, so the permission prompt is simulated.
 *
 * @param answer what the person answers when asked whether the file may be read again
 */
export async function answerHandles(context: BrowserContext, answer: 'granted' | 'denied'): Promise<void> {
  await context.addInitScript((said) => {
    const dialog = async (): Promise<readonly FileSystemFileHandle[]> => [
      await (await navigator.storage.getDirectory()).getFileHandle('picked.bin'),
    ]
    ;(window as unknown as HandlingWindow).showOpenFilePicker = dialog
    Object.assign(FileSystemHandle.prototype, {
      queryPermission: async () => 'prompt',
      requestPermission: async () => said,
    })
  }, answer)
}

/** Writes random bytes to the file that the dialog returns; resolves with its SHA-256. */
export function makeHandledFile(page: Page, size: number): Promise<string> {
  return page.evaluate(async (bytes) => {
    const content = new Uint8Array(bytes)
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(content.subarray(at, at + 65_536))
    const root = await navigator.storage.getDirectory()
    const writable = await (await root.getFileHandle('picked.bin', { create: true })).createWritable()
    await writable.write(content)
    await writable.close()
    const digest = await crypto.subtle.digest('SHA-256', content)
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }, size)
}

export async function removeHandledFile(page: Page): Promise<void> {
  await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('picked.bin'))
}
