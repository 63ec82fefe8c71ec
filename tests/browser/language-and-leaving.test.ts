import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()
const english = /Choose files/
const chinese = /选择文件/

test('in a browser that speaks English the page does, and Chinese once switched, also after a refresh', async ({
  arrive,
}) => {
  const uploads = await (await arrive({ locale: 'en-US' })).open()
  expect(await uploads.bodyText()).toMatch(english)
  await uploads.switchLanguage()
  expect(await uploads.bodyText()).toMatch(chinese)
  expect(await uploads.page.getAttribute('html', 'lang')).toMatch(/^zh/)
  await uploads.reload()
  expect(await uploads.bodyText()).toMatch(chinese)
})

test('in a browser that speaks Chinese the page does, and English once switched', async ({ arrive }) => {
  const uploads = await (await arrive({ locale: 'zh-CN' })).open()
  expect(await uploads.bodyText()).toMatch(chinese)
  await uploads.switchLanguage()
  expect(await uploads.bodyText()).toMatch(english)
  expect(await uploads.page.getAttribute('html', 'lang')).toMatch(/^en/)
})

test('leaving is warned of only while something is uploading', async ({ store, visitor, files }) => {
  await store.slowDown()
  const file = await files.make('leave.bin', 96 * MiB)
  const uploads = await visitor.open()
  expect(await uploads.wouldWarnOfLeaving()).toBe(false)
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitForPercent(1)
  expect(await uploads.wouldWarnOfLeaving()).toBe(true)
  expect(await uploads.tryToClose()).toBe(true)
  await row.pause()
  await row.waitFor('paused')
  expect(await uploads.wouldWarnOfLeaving()).toBe(false)
  await store.heal()
  await row.resume()
  await row.waitFor('done')
  expect(await uploads.wouldWarnOfLeaving()).toBe(false)
})
