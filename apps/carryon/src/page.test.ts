import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPage } from './page.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryon-page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>page</title>')
  await writeFile(join(folder, 'assets/a-1234.js'), 'export {}')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const at = async (basePath: string, path: string) =>
  createPage(folder, ['http://127.0.0.1:3001'], basePath).fetch(new Request(`http://127.0.0.1:3000${path}`))

test.each([
  ['', '/'],
  ['/files', '/files/'],
  // A proxy has removed the base path.
  ['/files', '/'],
])('mounted at %j the page is at %s', async (basePath, path) => {
  const answer = await at(basePath, path)
  expect([answer.status, await answer.text()]).toEqual([200, '<title>page</title>'])
  const asset = await at(basePath, `${path}assets/a-1234.js`)
  expect([asset.status, asset.headers.get('cache-control')]).toEqual([
    200,
    expect.stringContaining('immutable'),
  ])
})

test('without the slash it sends on to the page, whose parts are named relative to it', async () => {
  const answer = await at('/files', '/files?a=1')
  expect([answer.status, answer.headers.get('location')]).toEqual([308, '/files/?a=1'])
})

test('of another path there is nothing', async () => {
  expect((await at('/files', '/other/')).status).toBe(404)
})
