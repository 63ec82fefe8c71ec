import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { outputFolder } from '../../browser/harness/measurements.js'
import { flipByte } from '../../browser/harness/test-file.js'
import type { EnginePage } from '../page.js'
import { fileSize, openPage, uploadUntil } from './acts.js'
import { type Scenario, type Stage, everywhere } from './scenario.js'

/** Screenshots for inspection, in `tests/output/engines/<engine>-<state>.png`. */
export const screens: Scenario = {
  name: 'screens',
  expected: everywhere('fits the window'),
  async play(stage) {
    const film = await stage.makeFile('2026-11 家庭录像 holiday in the mountains, uncut.mkv', fileSize)
    const notes = await stage.makeFile('notes.txt', 1000)
    const draft = await stage.makeFile('draft.bin', fileSize)
    const page = await openPage(stage)
    await capture(stage, page, '1-empty')

    await page.pick(notes.path)
    await page.waitFor(notes.path, 'done')
    await uploadUntil(stage, page, draft.path, 10)
    await page.press(draft.path, 'upload-pause')
    await page.waitFor(draft.path, 'paused')
    await page.pick(film.path)
    await page.waitForPercent(film.path, 20)
    await capture(stage, page, '2-uploading')

    await page.press(film.path, 'upload-pause')
    await page.waitFor(film.path, 'paused')
    await stage.store.heal()
    await flipByte(draft.path, draft.size - 1)
    await page.press(draft.path, 'upload-resume')
    await page.waitFor(draft.path, 'failed')
    await capture(stage, page, '3-failed')

    await page.reload()
    await page.unfinished(film.path)
    await capture(stage, page, '4-after-refresh')
    return 'fits the window'
  },
}

async function capture({ engine }: Stage, page: EnginePage, state: string): Promise<void> {
  const folder = join(outputFolder, 'engines')
  await mkdir(folder, { recursive: true })
  await page.tab.screenshot(join(folder, `${engine}-${state}.png`))
  const overflow = await page.tab.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(Number(overflow)).toBeLessThanOrEqual(0)
}
