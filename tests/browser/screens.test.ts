import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { outputFolder } from './harness/measurements.js'
import { stopMidway } from './harness/stopped-midway.js'
import { MiB } from './harness/test-file.js'
import type { UploadPage } from './harness/upload-page.js'

const test = endToEnd({ UPLOAD_MAX_BYTES: String(100 * MiB) })
const desktop = { width: 1280, height: 900 }
const phone = { width: 375, height: 812 }

test.for([
  { name: 'desktop-en', locale: 'en-US', viewport: desktop },
  { name: 'desktop-zh', locale: 'zh-CN', viewport: desktop },
  { name: 'phone-en', locale: 'en-US', viewport: phone },
  { name: 'phone-zh', locale: 'zh-CN', viewport: phone },
])(
  '$name: nothing is wider than the screen, and pictures for the eye',
  async (screen, { store, arrive, files }) => {
    const running = await files.make('2026-11 家庭录像 holiday in the mountains, uncut.mkv', 96 * MiB, 1)
    const paused = await files.make('paused.iso', 96 * MiB, 2)
    const tooLarge = await files.make('too-large.bin', 101 * MiB, 3)
    const small = await files.make('notes.txt', 1000, 4)
    const uploads = await (await arrive(screen)).open()
    await capture(uploads, `${screen.name}-1-empty`)

    await stopMidway(uploads, store, paused.path, 10)
    await uploads.pick(small.path, tooLarge.path)
    await uploads.row(small.path).waitFor('done')
    await expect.poll(() => uploads.leftOut()).toEqual(['too-large.bin too-large'])
    await store.slowDown()
    await uploads.pick(running.path)
    await uploads.row(running.path).waitForPercent(20)
    await capture(uploads, `${screen.name}-2-uploading`)

    await store.heal()
    await uploads.row(running.path).waitFor('done')
    await uploads.reload()
    await uploads.unfinished.first().waitFor()
    await capture(uploads, `${screen.name}-3-after-refresh`)
  },
)

async function capture(uploads: UploadPage, name: string): Promise<void> {
  const overflow = await uploads.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
  const folder = join(outputFolder, 'screens')
  await mkdir(folder, { recursive: true })
  await uploads.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
