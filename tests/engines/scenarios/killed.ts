import { copyFile, rm } from 'node:fs/promises'
import { expect } from 'vitest'
import { MiB, type TestFile, flipByte, sha256OfFile } from '../../browser/harness/test-file.js'
import { fileSize, openPage, reopen, sha256Of, uploadUntil, watchParts } from './acts.js'
import { waitForCopy } from './kept-copy.js'
import { accept, meaning, offerFor } from './offer.js'
import { type Scenario, type Stage, everywhere } from './scenario.js'

export const killed: Scenario = {
  name: 'killed',
  event: 'The browser is killed at 50 % and started again',
  expected: everywhere('continues by itself'),
  async play(stage) {
    const file = await uploadUntilKilled(stage)
    const page = await reopen(stage)
    const parts = await watchParts(stage)
    const offer = await offerFor(page, file.path)
    await accept(page, file.path, offer)
    const row = await page.waitFor(file.path, 'done')
    await parts.nothingTwice()
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return meaning[offer]
  },
}

export const deleted: Scenario = {
  name: 'deleted',
  event: '… and the file was deleted meanwhile',
  expected: everywhere('continues by itself'),
  async play(stage) {
    const file = await uploadUntilKilled(stage)
    const copy = `${file.path} (backup)`
    await copyFile(file.path, copy)
    await rm(file.path)
    const page = await reopen(stage)
    const offer = await offerFor(page, file.path)
    await accept(page, file.path, offer, copy)
    const row = await page.waitFor(offer === 'pick again' ? copy : file.path, 'done')
    expect(await sha256Of(stage, row)).toBe(file.sha256)
    return meaning[offer]
  },
}

export const edited: Scenario = {
  name: 'edited',
  event: '… and the file was edited meanwhile',
  expected: everywhere('continues by itself: as it was picked'),
  async play(stage) {
    const file = await uploadUntilKilled(stage)
    const now = await editBothEnds(file)
    const page = await reopen(stage)
    const offer = await offerFor(page, file.path)
    await accept(page, file.path, offer)
    const row = await page.waitFor(file.path, 'done')
    return `${meaning[offer]}: ${whichState(await sha256Of(stage, row), file.sha256, now)}`
  },
}

export const editedWhileOpen: Scenario = {
  name: 'edited while the page is open',
  event: 'The file is edited while its upload is paused',
  expected: {
    ...everywhere('says that it changed; picked again: as it is now'),
    // WebKit treats a changed file like a missing one: it reports `NotFoundError` for both.
    webkitgtk: 'says that it cannot be read; picked again: as it is now',
  },
  async play(stage) {
    const file = await stage.makeFile('film.mkv', fileSize)
    const page = await openPage(stage)
    await uploadUntil(stage, page, file.path, 40)
    await page.press(file.path, 'upload-pause')
    await page.waitFor(file.path, 'paused')
    await stage.store.heal()
    const now = await editBothEnds(file)
    await page.press(file.path, 'upload-resume')
    const { errorCode } = await page.waitFor(file.path, 'failed')
    await page.reload()
    await page.pick(file.path)
    const row = await page.waitFor(file.path, 'done')
    const stored = whichState(await sha256Of(stage, row), file.sha256, now)
    return `says that it ${said[String(errorCode)] ?? String(errorCode)}; picked again: ${stored}`
  },
}

const said: Readonly<Record<string, string>> = {
  'file-changed': 'changed',
  'file-unreadable': 'cannot be read',
}

/** Uploads half of a file, kills the browser, and removes all faults of the store. */
async function uploadUntilKilled(stage: Stage): Promise<TestFile> {
  const file = await stage.makeFile('film.mkv', fileSize)
  const page = await openPage(stage)
  await uploadUntil(stage, page, file.path, 50, 2)
  await waitForCopy(page)
  await stage.browser.kill()
  await stage.store.heal()
  return file
}

/** Changes a byte in a stored part and one in a part not yet stored. Resolves with the digest of the new content. */
async function editBothEnds(file: TestFile): Promise<string> {
  await flipByte(file.path, MiB)
  await flipByte(file.path, file.size - MiB)
  return sha256OfFile(file.path)
}

/** An object must be one consistent state of the file, never a mixture. */
function whichState(stored: string, before: string, now: string): string {
  expect([before, now]).toContain(stored)
  return stored === now ? 'as it is now' : 'as it was picked'
}
