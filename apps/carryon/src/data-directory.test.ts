import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareDataDirectory } from './data-directory.js'

let place: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'carryon-data-'))
})
afterEach(() => rm(place, { recursive: true }))

const rightsOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('a new data directory is for this user alone', async () => {
  await prepareDataDirectory(join(place, 'new', 'data'))
  expect(await rightsOf(join(place, 'new', 'data'))).toBe('700')
})

test('one that an earlier version left open to all is closed', async () => {
  const data = join(place, 'data')
  await mkdir(join(data, 'objects'), { recursive: true })
  for (const name of ['carryon.sqlite', 'carryon.sqlite-wal', 'local-store-key.json']) {
    await writeFile(join(data, name), '')
  }
  await chmod(data, 0o755)
  await prepareDataDirectory(data)
  expect(await rightsOf(data)).toBe('700')
})

test('a folder that others use as well keeps its rights', async () => {
  await writeFile(join(place, 'notes.txt'), '')
  await chmod(place, 0o755)
  await prepareDataDirectory(place)
  expect(await rightsOf(place)).toBe('755')
})
