/**
 * Measures how soon the embedded store is ready and answers its first listings, with many objects in its directory and
 * optionally noncurrent versions and open uploads: without an index, as after an upgrade, and with one. Objects are
 * written directly as files, which is much faster than PUT requests. The store runs as a separate process, as built;
 * `--program` selects another build, for comparison.
 *
 *   npm run build
 *   npm run local-cos-start --workspace bench -- [--objects 100000] [--versions 0] [--uploads 0] [--rounds 3]
 *        [--directory DIR] [--program packages/local-cos/dist/main.js]
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeTrailer } from '../packages/local-cos/src/storage/object-record.js'
import { versionDigits, versionIdAt } from '../packages/local-cos/src/storage/version-id.js'
import { bucket, builtProgram, LocalCosProcess, programAt } from './services/local-cos-process.js'

function keyOf(number: number): string {
  return `uploads/2026/11/${String(number % 30).padStart(2, '0')}/file number ${number}.bin`
}

/** Writes `count` noncurrent versions, distributed over `objects` keys in rotation. */
function writeVersions(directory: string, count: number, objects: number): void {
  for (let number = 0; number < count; number++) {
    const key = keyOf(number % objects)
    const name = createHash('sha256').update(key).digest('hex')
    const folder = join(directory, 'buckets', bucket, 'versions', name.slice(0, 2))
    const sequence = 1_700_000_000_000_000 + number
    const versionId = versionIdAt(sequence)
    const content = `version ${number} of ${key}`
    const record = {
      key,
      size: content.length,
      etag: createHash('md5').update(content).digest('hex'),
      crc64: '0',
      lastModified: sequence / 1000,
      headers: { 'content-type': 'application/octet-stream' },
      sequence,
      versionId,
    }
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${name}-${versionDigits(versionId) ?? ''}`)
    writeFileSync(file, Buffer.concat([Buffer.from(content), encodeTrailer(record)]))
  }
}

function writeObjects(directory: string, count: number): void {
  for (let number = 0; number < count; number++) {
    const key = keyOf(number)
    const name = createHash('sha256').update(key).digest('hex')
    const folder = join(directory, 'buckets', bucket, 'objects', name.slice(0, 2))
    const content = `content of ${key}`
    const record = {
      key,
      size: content.length,
      etag: createHash('md5').update(content).digest('hex'),
      crc64: '0',
      lastModified: 1_780_000_000_000 + number,
      headers: { 'content-type': 'application/octet-stream' },
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), Buffer.concat([Buffer.from(content), encodeTrailer(record)]))
  }
}

function writeUploads(directory: string, count: number): void {
  for (let number = 0; number < count; number++) {
    const uploadId = `1780000000${createHash('sha256').update(String(number)).digest('hex')}`
    const record = { uploadId, key: `open/${number}`, initiated: 1_780_000_000_000, headers: {} }
    mkdirSync(join(directory, 'buckets', bucket, 'parts', uploadId))
    writeFileSync(join(directory, 'buckets', bucket, 'uploads', `${uploadId}.json`), JSON.stringify(record))
  }
}

/** Milliseconds for one page of each listing: objects, versions and open uploads. */
async function timeListings(
  process: LocalCosProcess,
): Promise<{ readonly objects: number; readonly versions: number; readonly uploads: number }> {
  const store = process.client()
  const time = async (query: Readonly<Record<string, string>>): Promise<number> => {
    const { url } = await store.presign({ method: 'GET', key: '', query, expiresIn: 3600 })
    const began = performance.now()
    const response = await fetch(url)
    const text = await response.text()
    if (!response.ok) throw new Error(`The listing was answered with ${response.status}: ${text}`)
    return performance.now() - began
  }
  return {
    objects: await time({}),
    versions: await time({ versions: '' }),
    uploads: await time({ uploads: '' }),
  }
}

async function measure(label: string, program: string, directory: string, kill: boolean): Promise<void> {
  const store = await LocalCosProcess.start(program, directory)
  const readyProcessor = await store.processorTime()
  const first = await timeListings(store)
  const listedProcessor = await store.processorTime()
  const second = await timeListings(store)
  // Before it is killed, the store gets time to save its index, as a running store would have.
  if (kill) await new Promise((done) => setTimeout(done, 10_000))
  const began = performance.now()
  await store.end(kill ? 'SIGKILL' : 'SIGTERM')
  const row = {
    label,
    ready: store.readyMilliseconds,
    firstListing: first.objects,
    firstVersionListing: first.versions,
    firstUploadListing: first.uploads,
    readyProcessor,
    listedProcessor,
    nextListing: second.objects,
    nextVersionListing: second.versions,
    nextUploadListing: second.uploads,
    end: performance.now() - began,
    load: loadavg()[0],
  }
  console.log(
    JSON.stringify(row, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ),
  )
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      objects: { type: 'string', default: '100000' },
      versions: { type: 'string', default: '0' },
      uploads: { type: 'string', default: '0' },
      rounds: { type: 'string', default: '3' },
      directory: { type: 'string', default: tmpdir() },
      program: { type: 'string', default: builtProgram },
    },
  })
  const program = programAt(values.program)
  const directory = await mkdtemp(join(values.directory, 'local-cos-start-'))
  try {
    // The store creates the bucket itself.
    await (await LocalCosProcess.start(program, directory)).end('SIGTERM')
    writeObjects(directory, Number(values.objects))
    writeVersions(directory, Number(values.versions), Number(values.objects))
    writeUploads(directory, Number(values.uploads))
    await measure('without an index', program, directory, false)
    for (let round = 1; round <= Number(values.rounds); round++) {
      await measure(`start ${round}`, program, directory, round === 1)
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

await main()
