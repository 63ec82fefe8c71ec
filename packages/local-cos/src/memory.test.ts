import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startLocalCos, type LocalCos } from './index.js'
import { TestClient, testBytes } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { startTestStore } from './testing/store.js'

const there = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

function clientOf({ url, secretId, secretKey }: LocalCos): TestClient {
  return new TestClient(url, { secretId, secretKey })
}

it('starts without options: a free port, its own key, and nothing is left when it is stopped', async () => {
  const store = await startLocalCos()
  onTestFinished(() => store.stop())
  const other = await startLocalCos()
  onTestFinished(() => other.stop())
  expect(store.port).not.toBe(other.port)
  expect(store.secretKey).not.toBe(other.secretKey)
  const path = `/${store.bucket}/a`
  expect((await clientOf(store).call({ method: 'PUT', path, body: testBytes(300_000) })).status).toBe(200)
  expect((await clientOf(store).call({ method: 'GET', path })).body.equals(testBytes(300_000))).toBe(true)
  expect(await there(store.directory)).toBe(true)
  await store.stop()
  expect(await there(store.directory)).toBe(false)
  await expect(clientOf(store).call({ method: 'GET', path })).rejects.toThrow('ECONNREFUSED')
})

it('leaves nothing of a start that fails', async () => {
  const store = await startLocalCos()
  onTestFinished(() => store.stop())
  const folder = dirname(store.directory)
  const own = async (): Promise<readonly string[]> =>
    (await readdir(folder)).filter((name) => name.startsWith(`local-cos-memory-${process.pid}-`))
  const before = await own()
  await expect(startLocalCos({ port: store.port })).rejects.toThrow('is taken')
  expect(await own()).toEqual(before)
})

it('removes what a killed process left, and nothing of one that runs', async () => {
  const running = await startLocalCos()
  onTestFinished(() => running.stop())
  const parent = dirname(running.directory)
  const ended = spawn(process.execPath, ['-e', ''])
  const { pid } = ended
  await once(ended, 'exit')
  const names = ['killed', 'new', 'old'].map((name) =>
    join(parent, `local-cos-memory-${name}-${process.pid}`),
  )
  const [killed = '', fresh = '', old = ''] = names
  for (const path of names) await mkdir(path)
  await writeFile(join(killed, 'lock'), JSON.stringify({ pid, began: 'long ago' }))
  await utimes(old, new Date(0), new Date(0))
  const store = await startLocalCos()
  onTestFinished(() => store.stop())
  expect(await Promise.all(names.map(there))).toEqual([false, true, false])
  expect(await there(running.directory)).toBe(true)
  await rm(fresh, { recursive: true })
})

it('is as new after a reset: one empty bucket with its rules, no faults, no journal, its quota free', async () => {
  const { store, client, directory } = await startTestStore({ maxBytes: 1_000_000 })
  const path = `/${store.bucket}/a`
  const cors = await client.call({ method: 'GET', path: `/${store.bucket}/`, query: { cors: '' } })
  const uploads = new MultipartCalls(client, 'open')
  await uploads.put(await uploads.initiate(), 1, testBytes(400_000))
  await client.call({ method: 'PUT', path, body: testBytes(500_000) })
  await client.call({ method: 'PUT', path: '/other-1250000000/' })
  await client.call({ method: 'DELETE', path: `/${store.bucket}/`, query: { cors: '' } })
  store.faults?.set({ fault: { kind: 'error', code: 'SlowDown' } })
  await store.reset()
  expect(store.journal).toEqual([])
  const list = await client.call({ method: 'GET', path: `/${store.bucket}/` })
  expect(list.text).not.toContain('<Contents>')
  const unfinished = await client.call({ method: 'GET', path: `/${store.bucket}/`, query: { uploads: '' } })
  expect(unfinished.text).not.toContain('<Upload>')
  expect((await client.call({ method: 'HEAD', path: '/other-1250000000/' })).status).toBe(404)
  expect((await client.call({ method: 'GET', path: `/${store.bucket}/`, query: { cors: '' } })).text).toBe(
    cors.text,
  )
  expect((await client.call({ method: 'PUT', path, body: testBytes(1_000_000) })).status).toBe(200)
  await store.close()
  const again = await startTestStore({ directory })
  expect((await again.client.call({ method: 'GET', path })).body.length).toBe(1_000_000)
})

it('cuts off what still runs when it is reset, and serves what comes meanwhile', async () => {
  const { store, client } = await startTestStore()
  const path = `/${store.bucket}/a`
  store.faults?.set({ fault: { kind: 'hang', afterBytes: 0 }, operation: 'PutObject' })
  const hanging = client.call({ method: 'PUT', path, body: testBytes(1000) }).catch((error: unknown) => error)
  await expect.poll(() => store.faults?.rules[0]?.struck).toBe(1)
  const both = [store.reset(), store.reset()]
  const after = client.call({ method: 'PUT', path, body: 'x' })
  await Promise.all(both)
  expect(await hanging).toBeInstanceOf(Error)
  // The request ran before or after the second reset; the store must work in either case.
  await after.catch(() => undefined)
  expect((await client.call({ method: 'PUT', path, body: 'y' })).status).toBe(200)
})
