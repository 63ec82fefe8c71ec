import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { endToEnd } from './harness/end-to-end.js'
import { stopMidway } from './harness/stopped-midway.js'
import { flipByte, MiB } from './harness/test-file.js'

const test = endToEnd()

/** Runs the command as a person does; resolves with its exit code and output. */
function verify(file: string, receipt: string): Promise<{ code: number; text: string }> {
  const command = join(root, 'apps/carryon/dist/main.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [command, 'verify', file, receipt], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr })
    })
  })
}

test('a resumed file shows what was verified, and its receipt tells a true copy from another', async ({
  product,
  store,
  visitor,
  files,
}) => {
  const file = await files.make('film.mkv', 96 * MiB)
  const uploads = await visitor.open()
  await visitor.chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin: new URL(product.url).origin,
  })
  await stopMidway(uploads, store, file.path, 20)
  await uploads.row(file.path).resume()
  await uploads.row(file.path).waitFor('done', 120_000)

  // Pausing and resuming on one page looks like one uninterrupted upload to the server.
  const row = uploads.row(file.path).locator
  await row.getByTestId('verified').click()
  const line = (name: string) => row.getByTestId(`verified-${name}`).innerText()
  await row.getByTestId('verified-size').waitFor()
  expect(await line('size')).toContain('100,663,296 bytes')
  expect(await line('crc64')).toMatch(/\d{15,20}/u)
  expect(await line('comparedBy')).toMatch(/CRC-64 of the whole file/u)
  expect(await line('sentAgain')).toContain('Nothing')

  await row.getByTestId('verified-copy').click()
  await expect.poll(() => row.getByTestId('verified-copy').innerText()).toBe('Copied')
  const receipt = join(files.folder, 'receipt.json')
  await writeFile(receipt, await uploads.page.evaluate(() => navigator.clipboard.readText()))
  const same = await verify(file.path, receipt)
  expect([same.code, same.text]).toEqual([0, expect.stringContaining('CRC-64') as string])
  await flipByte(file.path, 50 * MiB)
  const other = await verify(file.path, receipt)
  expect([other.code, other.text]).toEqual([1, expect.stringMatching(/different {2}CRC-64/u) as string])
  expect((await verify(join(files.folder, 'none'), receipt)).code).toBe(2)
})

test('a file that went on after a reload says from where', async ({ store, visitor, files }) => {
  const file = await files.make('later.mkv', 96 * MiB, 2)
  const uploads = await visitor.open()
  await stopMidway(uploads, store, file.path, 20)
  await uploads.reload()
  await uploads.unfinished.first().waitFor()
  await uploads.pick(file.path)
  await uploads.row(file.path).waitFor('done', 120_000)
  const row = uploads.row(file.path).locator
  await row.getByTestId('verified').click()
  await row.getByTestId('verified-resumedFrom').waitFor()
  expect(await row.getByTestId('verified-resumedFrom').innerText()).toMatch(/[1-9][\d.]* ?MB/u)
  // Escape closes it again, and the focus stays in the row.
  await uploads.page.keyboard.press('Escape')
  await expect.poll(() => row.getByTestId('verified-panel').count()).toBe(0)
  expect(await uploads.page.evaluate(() => document.activeElement?.nodeName)).not.toBe('BODY')
})
