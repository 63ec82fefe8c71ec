import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos, type LocalCos } from '@carryon/local-cos'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Config, readConfig } from './config.js'
import { configuredServer } from './configured-server.js'
import { filesCommand } from './files-command.js'
import { reachStorage } from './open-storage.js'

const secrets = { secretId: 'AKIDfiles', secretKey: 'files-secret' }
let folder: string
let local: LocalCos
let config: Config
let printed: string[]
const print = (line: string) => void printed.push(line)

beforeEach(async () => {
  printed = []
  folder = await mkdtemp(join(tmpdir(), 'carryon-files-'))
  local = await startLocalCos({ directory: join(folder, 'objects'), ...secrets })
  config = readConfig({
    LOCAL_STORE_PORT: new URL(local.url).port,
    DATA_DIR: folder,
    COS_SECRET_ID: secrets.secretId,
    COS_SECRET_KEY: secrets.secretKey,
  })
})
afterEach(async () => {
  await local.close()
  await rm(folder, { recursive: true })
})

interface Opened {
  readonly upload: { readonly id: string; readonly key: string; readonly uploadId: string }
}

/** Uploads files of one owner through the configured server; returns their ids and keys. */
async function finish(...names: readonly string[]): Promise<readonly Opened['upload'][]> {
  const { store, sts } = await reachStorage(config)
  const server = configuredServer(config, { store, sts }, { sweepEvery: 0 })
  let owner: Record<string, string> = {}
  const post = async (path: string, body: object): Promise<Opened> => {
    const answer = await server.fetch(
      new Request(`http://localhost/api/uploads${path}`, {
        method: 'POST',
        headers: { ...owner, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    const key = answer.headers.get('carryon-owner')
    if (key !== null) owner = { 'carryon-owner': key }
    return (await answer.json()) as Opened
  }
  const made: Opened['upload'][] = []
  for (const name of names) {
    const content = new TextEncoder().encode(name)
    const size = content.length
    const { upload } = await post('', { identity: `1:${size}:${made.length}`, name, size, type: '' })
    const { key, uploadId } = upload
    const { etag, crc64 } = await store.uploadPart({ key, uploadId, partNumber: 1 }, content)
    await post(`/${upload.id}/complete`, { size, crc64, etags: [etag] })
    made.push(upload)
  }
  await server.close()
  return made
}

const isStored = async ({ key }: { readonly key: string }) =>
  (await (await reachStorage(config)).store.headObject(key)) !== null

it('lists finished files, newest first, with their owners and no control characters', async () => {
  const [first, second] = await finish('a.txt', 'b\u001b[2J.txt')
  expect(await filesCommand(config, { remove: [], limit: 100 }, print)).toBe(true)
  expect(printed).toEqual([
    expect.stringMatching(
      `^file +${second?.id ?? ''}  9 bytes, finished 20\\S+Z, of "anonymous:[\\w-]+", "b\\\\u001b\\[2J.txt"$`,
    ),
    expect.stringMatching(`^file +${first?.id ?? ''}  5 bytes`),
    '2 files',
  ])
})

it('shows as many as are asked for, and of one owner', async () => {
  await finish('a.txt', 'b.txt')
  await finish('c.txt')
  await filesCommand(config, { remove: [], limit: 2 }, print)
  expect(printed).toHaveLength(3)
  expect(printed.at(-1)).toMatch(/^2 files, and there are more/u)
  const owner = JSON.parse(/of ("anonymous:[\w-]+")/u.exec(printed[0] ?? '')?.[1] ?? '""') as string
  printed = []
  await filesCommand(config, { remove: [], limit: 100, owner }, print)
  expect(printed.map((line) => /"([abc]\.txt)"$/u.exec(line)?.[1])).toEqual(['c.txt', undefined])
})

it('removes what is asked for, and says what it does not', async () => {
  const [kept, gone] = await finish('kept.txt', 'gone.txt')
  if (kept === undefined || gone === undefined) throw new Error('two files')
  expect(await filesCommand(config, { remove: [gone.id, 'nobody'], limit: 100 }, print)).toBe(false)
  expect(printed).toEqual([
    `removed  ${gone.id}`,
    'kept     nobody  there is no finished file of this id',
    expect.stringMatching(`^file +${kept.id}`),
    '1 files',
  ])
  expect([await isStored(kept), await isStored(gone)]).toEqual([true, false])
})
