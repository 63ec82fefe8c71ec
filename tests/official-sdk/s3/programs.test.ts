import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { missingPrograms } from '../../../scripts/debian-packages.mjs'
import { MiB, sampleBytes } from '../support/sample.js'
import { account, startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const reason = missingPrograms(['rclone', 's3cmd'], ['rclone', 's3cmd'])
const run = promisify(execFile)

/** Files larger than one part, and names that need encoding. */
const tree: Readonly<Record<string, Buffer>> = {
  'empty.bin': Buffer.alloc(0),
  'large.bin': sampleBytes(11 * MiB, 'programs'),
  'sub/b c+d&e.txt': Buffer.from('b'),
  'sub/deep/中文.txt': Buffer.from('c'),
}
const paths = Object.keys(tree)

let store: StoreUnderTest
let source: string
beforeAll(async () => {
  store = await startStoreUnderTest()
  source = join(store.scratch, 'source')
  for (const [path, bytes] of Object.entries(tree)) {
    const file = join(source, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
  }
})
afterAll(() => store.close())

/** Runs a program without this machine's settings: no proxy, certificates or keys. */
async function program(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: store.scratch, LC_ALL: 'C.UTF-8', ...environment }
  const { stdout } = await run(name, args, { env, timeout: 30_000 })
  return stdout
}

async function expectTree(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  expect(found.filter((entry) => entry.isFile())).toHaveLength(paths.length)
  for (const [path, bytes] of Object.entries(tree)) {
    expect([path, (await readFile(join(folder, path))).equals(bytes)]).toEqual([path, true])
  }
}

test.skipIf(reason === null)('Programs that speak S3', (context) => context.skip(`skipped: ${reason}`))

describe.skipIf(reason !== null)('Programs that speak S3', () => {
  it.each(['1', '2'])(
    'rclone puts a tree, lists, checks, copies and gets it, listing by version %s',
    async (version) => {
      const rclone = (...args: readonly string[]): Promise<string> =>
        program('rclone', ['--retries=1', '--low-level-retries=1', '--config=', ...args], {
          RCLONE_CONFIG_STORE_TYPE: 's3',
          RCLONE_CONFIG_STORE_PROVIDER: 'Other',
          RCLONE_CONFIG_STORE_ENDPOINT: `http://${store.address}`,
          RCLONE_CONFIG_STORE_REGION: account.region,
          RCLONE_CONFIG_STORE_ACCESS_KEY_ID: account.secretId,
          RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: account.secretKey,
          RCLONE_S3_LIST_VERSION: version,
          RCLONE_S3_UPLOAD_CUTOFF: '5M',
          RCLONE_S3_CHUNK_SIZE: '5M',
        })
      const remote = `store:${account.bucket}/rclone ${version}`
      await rclone('copy', source, remote)
      expect((await rclone('lsf', '-R', '--files-only', remote)).trim().split('\n').toSorted()).toEqual(paths)
      await rclone('check', source, remote)
      await rclone('copy', remote, `${remote} copy`)
      await rclone('purge', remote)
      expect(await rclone('lsf', '-R', `store:${account.bucket}`, '--include', `/rclone ${version}/**`)).toBe(
        '',
      )
      const back = join(store.scratch, `rclone-${version}`)
      await rclone('copy', `${remote} copy`, back)
      await expectTree(back)
    },
  )

  it('s3cmd puts a tree, lists, copies and gets it', async () => {
    const config = join(store.scratch, 's3cfg')
    const settings = {
      access_key: account.secretId,
      secret_key: account.secretKey,
      host_base: store.address,
      host_bucket: store.address,
      bucket_location: account.region,
      use_https: 'False',
      multipart_chunk_size_mb: '5',
      max_retries: '1',
    }
    const lines = Object.entries(settings).map((pair) => pair.join(' = '))
    await writeFile(config, ['[default]', ...lines, ''].join('\n'))
    const s3cmd = (...args: readonly string[]): Promise<string> =>
      program('s3cmd', ['--no-progress', '-c', config, ...args])
    const remote = `s3://${account.bucket}/s3cmd/`
    await s3cmd('sync', `${source}/`, remote)
    const listed = (await s3cmd('ls', '-r', remote)).trim().split('\n')
    expect(listed.map((line) => line.slice(line.indexOf(remote) + remote.length)).toSorted()).toEqual(paths)
    await s3cmd('cp', '-r', remote, `s3://${account.bucket}/s3cmd-copy/`)
    await s3cmd('del', '-r', '--force', remote)
    expect(await s3cmd('ls', '-r', remote)).toBe('')
    const back = join(store.scratch, 's3cmd')
    await mkdir(back)
    await s3cmd('sync', `s3://${account.bucket}/s3cmd-copy/`, `${back}/`)
    await expectTree(back)
  })
})
