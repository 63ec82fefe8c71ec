import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { readObject } from './harness/stored-object.js'
import { MiB } from './harness/test-file.js'

const test = endToEnd()

test('a page whose policy refuses workers uploads all the same, on its own thread', async ({
  visitor,
  files,
}) => {
  const file = await files.make('no-worker.bin', 40 * MiB, 8)
  // Same effect as a Content-Security-Policy without worker-src: the script is never loaded.
  await visitor.chromium.context.route(/worker[^/]*\.js$/u, (route) => route.abort('blockedbyclient'))
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(uploads.page.workers()).toEqual([])
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
})
