import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { outputFolder } from './harness/measurements.js'
import { MiB } from './harness/test-file.js'
import type { UploadPage } from './harness/upload-page.js'

const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 375, height: 812 } }
const locales = { en: 'en-US', zh: 'zh-CN' }

describe.each(Object.entries(sizes))('%s', (sizeName, viewport) => {
  describe.each(Object.entries(locales))('%s', (language, locale) => {
    const test = endToEnd({ UPLOAD_MAX_BYTES: String(600 * MiB) }, { locale, viewport })

    test('nothing is wider than the screen, and pictures for the eye', async ({ visitor, files }) => {
      const running = await files.make('2026-11 家庭录像 holiday in the mountains, uncut.mkv', 512 * MiB, 1)
      const paused = await files.make('paused.iso', 256 * MiB, 2)
      const tooLarge = await files.make('too-large.bin', 601 * MiB, 3)
      const small = await files.make('notes.txt', 1000, 4)
      const uploads = await visitor.open()
      const picture = (moment: string) => capture(uploads, `${sizeName}-${language}-${moment}`)
      await picture('1-empty')

      await uploads.pick(paused.path)
      await uploads.row(paused.path).waitForPercent(10)
      await uploads.row(paused.path).pause()
      await uploads.row(paused.path).waitFor('paused')
      await uploads.pick(small.path, tooLarge.path)
      await uploads.row(small.path).waitFor('done')
      await uploads.row(tooLarge.path).waitFor('failed')
      await uploads.pick(running.path)
      await uploads.row(running.path).waitForPercent(20)
      await picture('2-uploading')
      await uploads.row(running.path).waitFor('done')
      await uploads.reload()
      await uploads.unfinished.first().waitFor()
      await picture('3-after-refresh')
    })
  })
})

async function capture(uploads: UploadPage, name: string): Promise<void> {
  const overflow = await uploads.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
  const folder = join(outputFolder, 'screens')
  await mkdir(folder, { recursive: true })
  await uploads.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
