import { createHash, randomInt } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { compileProgram } from '../testing/child-store.js'
import { testBytes } from '../testing/client.js'
import { temporaryDirectory } from '../testing/store.js'
import { loadCrc64 } from './crc64.js'
import { DigestPool } from './digest-pool.js'

async function startPool(): Promise<DigestPool> {
  const program = await compileProgram()
  const pool = DigestPool.start(pathToFileURL(join(dirname(program), 'digest', 'digest-worker.js')))
  onTestFinished(async () => pool.close())
  expect(pool.size).toBeGreaterThan(0)
  return pool
}

async function openFile(): Promise<FileHandle> {
  const handle = await open(join(await temporaryDirectory(), 'body'), 'wx+')
  onTestFinished(async () => handle.close())
  return handle
}

/** Writes a body in chunks of varying size, reporting each to the digest. */
async function hash(
  pool: DigestPool,
  content: Buffer,
): Promise<{ readonly md5: string; readonly crc64: bigint }> {
  const handle = await openFile()
  const digest = await pool.open(handle.fd, content.length)
  for (let at = 0; at < content.length;) {
    const chunk = content.subarray(at, at + randomInt(1, 200_000))
    await handle.write(chunk)
    at += chunk.length
    digest.written([chunk], at)
  }
  const { md5, crc64 } = await digest.finish()
  return { md5: md5.toString('hex'), crc64 }
}

async function expected(content: Buffer): Promise<{ readonly md5: string; readonly crc64: bigint }> {
  const createCrc64 = await loadCrc64()
  const crc64 = createCrc64()
  crc64.update(content)
  return { md5: createHash('md5').update(content).digest('hex'), crc64: crc64.digest() }
}

describe('hashing in threads', () => {
  it('gives each of many bodies at once its own digest, whatever its size', async () => {
    const pool = await startPool()
    const contents = [0, 1, 262_143, 262_144, 1_000_003, 3_000_000, 3_000_000].map((size, seed) =>
      testBytes(size, seed),
    )
    const digests = await Promise.all(contents.map(async (content) => hash(pool, content)))
    expect(digests).toEqual(await Promise.all(contents.map(expected)))
  })

  it('lets a body be given up at any time', async () => {
    const pool = await startPool()
    const handle = await openFile()
    const unfinished = await pool.open(handle.fd, 1_000_000)
    await handle.write(testBytes(300_000))
    unfinished.written([], 300_000)
    await unfinished.abandon()
    await expect(unfinished.finish()).rejects.toThrow()
    const finished = await pool.open(handle.fd, 1_000_000)
    finished.written([], 300_000)
    await finished.finish()
    await finished.abandon()
  })

  it('goes on with the others when one is given up midway and the file of another is too short', async () => {
    const pool = await startPool()
    const abandoned = await pool.open((await openFile()).fd, 5_000_000)
    abandoned.written([], 5_000_000)
    const short = await pool.open((await openFile()).fd, 5_000_000)
    short.written([], 5_000_000)
    const contents = [2_000_000, 3_000_001, 300_000, 2_500_000, 700_000].map((size) => testBytes(size, size))
    const digests = contents.map(async (content) => hash(pool, content))
    await abandoned.abandon()
    await expect(short.finish()).rejects.toThrow('shorter')
    expect(await Promise.all(digests)).toEqual(await Promise.all(contents.map(expected)))
  })

  it('fails for a file that is shorter than what was said to be written', async () => {
    const pool = await startPool()
    const digest = await pool.open((await openFile()).fd, 1_000_000)
    digest.written([], 500_000)
    await expect(digest.finish()).rejects.toThrow('shorter')
  })

  it('goes on in this thread when there is none', async () => {
    const pool = DigestPool.start(new URL('missing.js', import.meta.url))
    expect(pool.size).toBe(0)
    const content = testBytes(500_000)
    expect(await hash(pool, content)).toEqual(await expected(content))
  })
})
