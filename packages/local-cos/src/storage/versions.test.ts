import { copyFile, link, mkdir, rm, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { LogLines } from '../testing/log-lines.js'
import { testBytes, type TestClient } from '../testing/client.js'
import { MultipartCalls } from '../testing/multipart.js'
import { objectFile } from '../testing/record-files.js'
import { bucket, startTestStore } from '../testing/store.js'
import { listedVersions, setVersioning, versionFile } from '../testing/versions.js'

const path = `/${bucket}/a`

async function put(client: TestClient, body: string): Promise<string> {
  const reply = await client.call({ method: 'PUT', path, body })
  expect(reply.status).toBe(200)
  return String(reply.headers['x-cos-version-id'])
}

async function get(client: TestClient, versionId?: string): Promise<string> {
  const query = versionId === undefined ? {} : { versionId }
  const reply = await client.call({ method: 'GET', path, query })
  return reply.status === 200 ? reply.text : reply.code
}

async function ids(client: TestClient): Promise<readonly string[]> {
  return (await listedVersions(client)).map(({ id }) => id)
}

it('a kill between keeping a version and replacing it leaves one version, not two', async () => {
  const { client, store, directory } = await startTestStore()
  await setVersioning(client, 'Enabled')
  const id = await put(client, 'one')
  await store.close()
  const twin = versionFile(directory, 'a', id)
  await mkdir(dirname(twin), { recursive: true })
  await link(objectFile(directory, 'a'), twin)

  const again = await startTestStore({ directory })
  expect(await ids(again.client)).toEqual([id])
  const reply = await again.client.call({ method: 'DELETE', path, query: { versionId: id } })
  expect(reply.status).toBe(204)
  expect([await ids(again.client), await get(again.client), await get(again.client, id)]).toEqual([
    [],
    'NoSuchKey',
    'NoSuchVersion',
  ])
})

it('a version that a kill left under two names is kept when it is overwritten', async () => {
  const { client, store, directory } = await startTestStore()
  await setVersioning(client, 'Enabled')
  const first = await put(client, 'one')
  await store.close()
  const twin = versionFile(directory, 'a', first)
  await mkdir(dirname(twin), { recursive: true })
  // On a file system without hard links, this is a copy.
  await copyFile(objectFile(directory, 'a'), twin)
  const again = await startTestStore({ directory })
  const second = await put(again.client, 'two')
  expect(await ids(again.client)).toEqual([second, first])
  expect(await get(again.client, first)).toBe('one')
})

it('a version null that a kill left beside the one that overwrote it is gone after the start', async () => {
  const { client, store, directory } = await startTestStore({ maxBytes: 10_000 })
  await put(client, 'x'.repeat(4000))
  const old = objectFile(directory, 'a')
  await setVersioning(client, 'Enabled')
  const id = await put(client, 'one')
  await setVersioning(client, 'Suspended')
  const saved = versionFile(directory, 'a', 'null')
  await copyFile(saved, `${old}.saved`)
  await put(client, 'y'.repeat(4000))
  await store.close()
  await copyFile(`${old}.saved`, saved)
  await rm(`${old}.saved`)

  const again = await startTestStore({ directory, maxBytes: 10_000 })
  await expect.poll(async () => ids(again.client)).toEqual(['null', id])
  expect(await get(again.client, 'null')).toBe('y'.repeat(4000))
  // Its space is released exactly once.
  const large = await again.client.call({ method: 'PUT', path: `/${bucket}/b`, body: 'z'.repeat(5_900) })
  expect(large.status).toBe(200)
  const more = await again.client.call({ method: 'PUT', path: `/${bucket}/c`, body: 'z'.repeat(200) })
  expect(more.status).toBe(507)
})

it('versions are listed after a start without reading their files', async () => {
  const { client, store, directory } = await startTestStore()
  await setVersioning(client, 'Enabled')
  for (const content of ['1', '2', '3']) await put(client, content)
  await client.call({ method: 'DELETE', path })
  const before = await listedVersions(client)
  expect(before).toHaveLength(4)
  await store.close()
  const log = new LogLines()
  const again = await startTestStore({ directory, log: log.add })
  expect(await listedVersions(again.client)).toEqual(before)
  expect(log.messages).not.toContain('index brought up to date')
})

it('a damaged version is set aside, and the others stay', async () => {
  const { client, store, directory } = await startTestStore()
  await setVersioning(client, 'Enabled')
  const versions = [await put(client, 'one'), await put(client, 'two'), await put(client, 'three')]
  await store.close()
  await truncate(versionFile(directory, 'a', versions[0] ?? ''), 5)
  const log = new LogLines()
  const again = await startTestStore({ directory, log: log.add })
  expect(await get(again.client, versions[0])).toBe('NoSuchVersion')
  expect(await ids(again.client)).toEqual([versions[2], versions[1]])
  expect(log.messages).toContain('damaged file set aside')
})

it('an upload that a kill left open though it was joined, and overwritten since, is no more open', async () => {
  const { client, store, directory } = await startTestStore()
  await setVersioning(client, 'Enabled')
  const calls = new MultipartCalls(client, 'a')
  const uploadId = await calls.initiate()
  const content = testBytes(1000)
  const etag = String((await calls.put(uploadId, 1, content)).headers['etag'])
  const id = String((await calls.complete(uploadId, [etag])).headers['x-cos-version-id'])
  await put(client, 'later')
  await store.close()
  const parts = `${directory}/buckets/${bucket}/parts/${uploadId}`
  // Restore the record's location before it was moved to its parts.
  await copyFile(`${parts}/upload.json`, `${directory}/buckets/${bucket}/uploads/${uploadId}.json`)

  const again = await startTestStore({ directory })
  const abort = await new MultipartCalls(again.client, 'a').abort(uploadId)
  expect(abort.code).toBe('NoSuchUpload')
  const reply = await again.client.call({ method: 'GET', path, query: { versionId: id } })
  expect(reply.body.equals(content)).toBe(true)
})

it('a put that lost a race to a later one becomes the version before it', async () => {
  const { client } = await startTestStore()
  await setVersioning(client, 'Enabled')
  const contents = Array.from({ length: 24 }, (_, number) => `content ${number}`)
  const stored = await Promise.all(
    contents.map(async (content) => [await put(client, content), content] as const),
  )
  const listed = await ids(client)
  expect([...listed].sort()).toEqual(stored.map(([id]) => id).sort())
  // Ids count down, so the newest is the smallest.
  expect(listed).toEqual([...listed].sort())
  for (const [id, content] of stored) expect(await get(client, id)).toBe(content)
  for (const id of listed) {
    expect((await listedVersions(client))[0]?.id).toBe(id)
    await client.call({ method: 'DELETE', path, query: { versionId: id } })
  }
  expect(await get(client)).toBe('NoSuchKey')
})
