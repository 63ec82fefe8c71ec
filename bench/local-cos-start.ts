/**
 * How soon the embedded store is ready, and answers its first listing, with many objects in its directory, and maybe
 * versions before them: without an index, as after an upgrade, and with one. Objects are written as files, which takes a fraction of the time of putting
 * them. The store is a process of its own, as built; `--program` takes another build of it, to compare.
 *
 *   npm run build
 *   npm run local-cos-start --workspace bench -- [--objects 100000] [--versions 0] [--uploads 0] [--rounds 3]
 *        [--directory DIR] [--program packages/local-cos/dist/main.js]
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createCosStore } from '@carryon/object-store'
import { encodeTrailer } from '../packages/local-cos/src/storage/object-record.js'
import { versionDigits, versionIdAt } from '../packages/local-cos/src/storage/version-id.js'

const bucket = 'carryon-1250000000'
const account = { accessKeyId: 'AKIDbench', secretAccessKey: 'bench' }
const builtProgram = fileURLToPath(new URL('../packages/local-cos/dist/main.js', import.meta.url))

interface Store {
  readonly baseUrl: string
  /** From its start until it said that it is ready. */
  readonly readyMilliseconds: number
  /** Processor time of all its threads so far, in milliseconds; `NaN` where the system does not tell. */
  processorTime(): Promise<number>
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

async function startStore(program: string, directory: string): Promise<Store> {
  const began = performance.now()
  const child = spawn(process.execPath, [program, '--data', directory, '--port', '0', '--json', '--quiet'], {
    env: { ...process.env, COS_SECRET_ID: account.accessKeyId, COS_SECRET_KEY: account.secretAccessKey },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { baseUrl } = JSON.parse(line) as { readonly baseUrl: string }
    const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    }
    const readyMilliseconds = performance.now() - began
    return { baseUrl, readyMilliseconds, processorTime: async () => processorTimeOf(child.pid), end }
  }
  throw new Error('The store did not start.')
}

/** User and system time: proc(5), 100 ticks a second. */
async function processorTimeOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function keyOf(number: number): string {
  return `uploads/2026/11/${String(number % 30).padStart(2, '0')}/file number ${number}.bin`
}

/** Versions before the latest, of as many keys; the first ones have more when there are fewer keys. */
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

/** Milliseconds of a listing of one page, its objects and its open uploads. */
async function timeListings(
  baseUrl: string,
): Promise<{ readonly objects: number; readonly versions: number; readonly uploads: number }> {
  const location = { dialect: 'cos', baseUrl, bucket, region: 'ap-guangzhou' } as const
  const store = createCosStore({ location, credentials: account })
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
  const store = await startStore(program, directory)
  const readyProcessor = await store.processorTime()
  const first = await timeListings(store.baseUrl)
  const listedProcessor = await store.processorTime()
  const second = await timeListings(store.baseUrl)
  // A store that is killed gets the time to save its index, as one that runs has.
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
  // From where npm was called, also when it runs this in its own folder.
  const program = resolve(process.env['INIT_CWD'] ?? '.', values.program)
  if (!existsSync(program)) throw new Error(`There is no ${program}: run \`npm run build\` first.`)
  const directory = await mkdtemp(join(values.directory, 'local-cos-start-'))
  try {
    // The bucket is made by the store itself.
    await (await startStore(program, directory)).end('SIGTERM')
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
