import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ChildStore, compileProgram } from './testing/child-store.js'
import { testBytes } from './testing/client.js'
import { MultipartCalls } from './testing/multipart.js'
import { bucket, temporaryDirectory } from './testing/store.js'

const mebibyte = 1024 * 1024
const large = 256 * mebibyte

/** A counter the kernel keeps for a process, such as its peak memory (proc_pid_status(5), proc_pid_io(5)). */
async function kept(pid: number, file: 'status' | 'io', name: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1])
}

/** Peak memory of the process in bytes. */
const peakOf = async (pid: number) => (await kept(pid, 'status', 'VmHWM')) * 1024
/** Bytes the process read and wrote, disk and network together. */
const movedBy = async (pid: number) => (await kept(pid, 'io', 'rchar')) + (await kept(pid, 'io', 'wchar'))

/** Sends a part as fast as the store accepts it. @returns the ETag of the answer */
async function sendPart({ client }: ChildStore, key: string, uploadId: string, size: number) {
  const chunk = testBytes(Math.min(size, mebibyte))
  const reply = await client.call({
    method: 'PUT',
    path: `/${bucket}/${key}`,
    query: { partNumber: '1', uploadId },
    headers: { 'content-length': String(size) },
    body: Readable.from(Array.from({ length: size / chunk.length }, () => chunk)),
  })
  expect(reply.status).toBe(200)
  return (reply.headers.etag ?? '').replaceAll('"', '')
}

/** Part files below `directory` with their inodes: a different inode would mean another copy. */
async function partFiles(directory: string): Promise<string[]> {
  const parts = join(directory, 'buckets', bucket, 'parts')
  const entries = await readdir(parts, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }) => `${name} ${(await stat(join(parentPath, name))).ino}`),
  )
}

async function bytesBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe.runIf(existsSync('/proc/self/io'))('a part of 256 MiB', { timeout: 120_000 }, () => {
  it('is never whole in memory, and completing moves no more bytes than for one of 1 KiB', async () => {
    const directory = await temporaryDirectory()
    const store = await ChildStore.start(await compileProgram(), directory)
    const moved: number[] = []
    for (const size of [1024, large]) {
      const key = `of ${size}`
      const calls = new MultipartCalls(store.client, key)
      const uploadId = await calls.initiate()
      const before = await peakOf(store.pid)
      const etag = await sendPart(store, key, uploadId, size)
      expect((await peakOf(store.pid)) - before).toBeLessThan(large / 2)

      const files = await partFiles(directory)
      const begun = await movedBy(store.pid)
      expect((await calls.complete(uploadId, [etag])).code).toBe('')
      moved.push((await movedBy(store.pid)) - begun)
      expect(await partFiles(directory)).toEqual(expect.arrayContaining(files))
    }
    const [small = NaN, whole = NaN] = moved
    // The process also reads a few hundred KiB of its own, such as modules or logs.
    expect(Math.abs(whole - small)).toBeLessThan(mebibyte)
    expect(await bytesBelow(directory)).toBeLessThan(large + mebibyte)
  })
})
