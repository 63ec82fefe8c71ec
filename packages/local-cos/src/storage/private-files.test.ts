import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MultipartCalls } from '../testing/multipart.js'
import { bucket, startTestStore, temporaryDirectory } from '../testing/store.js'

/** Entries in a folder, and the folder itself, whose mode is not private, as `path mode`. */
async function openToOthers(directory: string): Promise<readonly string[]> {
  const names = ['.', ...(await readdir(directory, { recursive: true }))]
  const open = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(directory, name))
      const mode = found.mode & 0o777
      return mode === (found.isDirectory() ? 0o700 : 0o600) ? [] : [`${name} ${mode.toString(8)}`]
    }),
  )
  return open.flat()
}

it('objects, parts, lists of parts, settings and folders are for their owner alone', async () => {
  const before = process.umask(0)
  try {
    const { client, directory } = await startTestStore({ directory: join(await temporaryDirectory(), 'new') })
    await client.call({ method: 'PUT', path: `/${bucket}/a`, body: 'x' })
    await client.call({ method: 'PUT', path: '/other-1250000000' })
    const calls = new MultipartCalls(client, 'joined')
    const joined = await calls.initiate()
    const part = await calls.put(joined, 1, Buffer.from('x'))
    await calls.complete(joined, [(part.headers.etag ?? '').replaceAll('"', '')])
    const open = await new MultipartCalls(client, 'open').initiate()
    await new MultipartCalls(client, 'open').put(open, 1, Buffer.from('x'))
    expect(await openToOthers(directory)).toEqual([])
  } finally {
    process.umask(before)
  }
})

it('the folders of an earlier version are closed when the store starts', async () => {
  const directory = await temporaryDirectory()
  for (const name of ['', 'buckets', 'temporary']) {
    await mkdir(join(directory, name), { recursive: true })
    await chmod(join(directory, name), 0o755)
  }
  await startTestStore({ directory })
  expect(await openToOthers(directory)).toEqual([])
})

it("a folder that holds somebody's other files stays as it is, the store's within it do not", async () => {
  const directory = await temporaryDirectory()
  await chmod(directory, 0o755)
  await writeFile(join(directory, 'letter.txt'), 'x', { mode: 0o600 })
  await startTestStore({ directory })
  expect(await openToOthers(directory)).toEqual(['. 755'])
})
