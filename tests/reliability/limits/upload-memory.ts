import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { launchChromium } from '../../browser/harness/chromium.js'
import { startProduct } from '../../browser/harness/product.js'
import { makeScratchFolder } from '../../browser/harness/scratch-folder.js'
import { UploadPage } from '../../browser/harness/upload-page.js'
import { type RendererMemory, watchRendererMemory } from './renderer-memory.js'

/**
 * Uploads a sparse file of `size` bytes with a new browser to a new product and returns the renderer's memory.
 *
 * @param timeout Milliseconds for the upload.
 */
export async function uploadMemory(size: number, timeout: number): Promise<RendererMemory> {
  const folder = await makeScratchFolder('sparse')
  const product = await startProduct()
  const chromium = await launchChromium()
  try {
    const path = join(folder.path, 'sparse.img')
    const file = await open(path, 'w')
    await file.truncate(size)
    await file.close()
    const uploads = await UploadPage.open(chromium.page, product.url)
    await uploads.page.waitForLoadState('networkidle')
    return await watchRendererMemory(chromium.context, async () => {
      await uploads.pick(path)
      await uploads.row(path).waitFor('done', timeout)
    })
  } finally {
    await chromium.remove()
    await product.remove()
    await folder.remove()
  }
}
