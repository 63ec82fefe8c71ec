/**
 * Compares the upload throughput of three servers: a bare Node server that only counts bytes; one that also hashes
 * them in its single thread, with OpenSSL's MD5 and hash-wasm's CRC64, and stores nothing; and the embedded store,
 * which computes both hashes and writes every part to disk. All get the same parts from the same sender, in
 * alternation, so that they meet the same load of the machine.
 *
 *   npm run build
 *   npm run local-cos-throughput --workspace bench -- [--sender node|chromium] [--mib 512] [--part-mib 8] [--lanes 6]
 *        [--rounds 5] [--directory DIR] [--program packages/local-cos/dist/main.js]
 *
 * Repeat `--program` to measure several builds of the store in the same rounds.
 */
import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createCRC64 } from 'hash-wasm'
import { launchChromium } from './runner/chromium.js'
import { summarize } from './runner/statistics.js'
import { builtProgram, LocalCosProcess, processorTimeOf, programAt } from './services/local-cos-process.js'

const mebibyte = 1024 * 1024

interface Plan {
  readonly parts: number
  readonly partSize: number
  readonly lanes: number
}

/** `send` PUTs one body to each URL, `lanes` at once, and resolves to milliseconds. */
interface Sender {
  send(urls: readonly string[], plan: Plan): Promise<number>
  close(): Promise<void>
}

/**
 * Runs a server that counts the bytes, and under `/hash/` also computes their MD5 and CRC64. It answers preflights, so
 * that requests from a page cost the same on all servers.
 */
function serveCount(): void {
  const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' }
  const server = createServer((incoming, response) => {
    void (async () => {
      const hash = incoming.url?.startsWith('/hash/') === true
      const md5 = createHash('md5')
      const crc64 = await createCRC64()
      let bytes = 0
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (!hash) return
        md5.update(chunk)
        crc64.update(chunk)
      })
      incoming.on('end', () => {
        const digests = hash ? `${md5.digest('hex')} ${crc64.digest()}` : ''
        response.writeHead(200, cors).end(`${bytes} ${digests}`)
      })
    })()
  })
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
}

function nodeSender(plan: Plan): Sender {
  const body = randomBytes(plan.partSize)
  const agent = new Agent({ keepAlive: true, maxSockets: plan.lanes })
  const put = async (url: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        { method: 'PUT', agent, headers: { 'content-length': body.length } },
        (response) => {
          response.resume().on('end', () => {
            if (response.statusCode === 200) resolve()
            else reject(new Error(`The server answered ${response.statusCode ?? 0}.`))
          })
        },
      )
      outgoing.on('error', reject).end(body)
    })
  return {
    send: async (urls) => {
      const began = performance.now()
      const queue = [...urls]
      const lane = async (): Promise<void> => {
        for (let url = queue.shift(); url !== undefined; url = queue.shift()) await put(url)
      }
      await Promise.all(Array.from({ length: plan.lanes }, lane))
      return performance.now() - began
    },
    close: async () => agent.destroy(),
  }
}

async function chromiumSender(): Promise<Sender> {
  const browser = await launchChromium()
  const page = await browser.newPage()
  return {
    send: async (urls, plan) =>
      page.evaluate(
        async ({ queue, partSize, lanes }) => {
          const block = crypto.getRandomValues(new Uint8Array(65_536))
          const body = new Blob(Array.from({ length: partSize / block.length }, () => block))
          const began = performance.now()
          await Promise.all(
            Array.from({ length: lanes }, async () => {
              for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
                const response = await fetch(url, { method: 'PUT', body })
                if (!response.ok) throw new Error(`The server answered ${response.status}.`)
              }
            }),
          )
          return performance.now() - began
        },
        { queue: [...urls], partSize: plan.partSize, lanes: plan.lanes },
      ),
    close: async () => browser.close(),
  }
}

/** A build of the store and its results, one per round: MiB per second, and the ratio to the counting server's. */
interface MeasuredStore {
  readonly program: string
  readonly local: LocalCosProcess
  readonly speeds: number[]
  readonly ratios: number[]
  /** Processor time of all measured rounds, in milliseconds. */
  cpu: number
}

/** Sends one upload; the presigned URLs of its parts are made before the clock starts. */
async function sendToStore(local: LocalCosProcess, sender: Sender, plan: Plan): Promise<number> {
  const store = local.client()
  const { uploadId } = await store.createMultipartUpload('bench')
  const urls = await Promise.all(
    Array.from({ length: plan.parts }, async (_, index) => {
      const query = { partNumber: String(index + 1), uploadId }
      return (await store.presign({ method: 'PUT', key: 'bench', query, expiresIn: 3600 })).url
    }),
  )
  const milliseconds = await sender.send(urls, plan)
  await store.abortMultipartUpload('bench', uploadId)
  return milliseconds
}

async function measure(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sender: { type: 'string', default: 'node' },
      mib: { type: 'string', default: '512' },
      'part-mib': { type: 'string', default: '8' },
      lanes: { type: 'string', default: '6' },
      rounds: { type: 'string', default: '5' },
      directory: { type: 'string', default: tmpdir() },
      program: { type: 'string', multiple: true, default: [builtProgram] },
    },
  })
  const partMebibytes = Number(values['part-mib'])
  const plan = {
    parts: Math.max(1, Math.floor(Number(values.mib) / partMebibytes)),
    partSize: partMebibytes * mebibyte,
    lanes: Number(values.lanes),
  }
  const mebibytes = plan.parts * partMebibytes
  const directory = await mkdtemp(join(values.directory, 'local-cos-throughput-'))
  const { type } = await statfs(directory)
  const counter = fork(fileURLToPath(import.meta.url), ['--count'])
  const stores: MeasuredStore[] = []
  let sender: Sender | undefined
  try {
    const [{ port }] = (await once(counter, 'message')) as [{ readonly port: number }]
    for (const [index, program] of values.program.entries()) {
      const local = await LocalCosProcess.start(programAt(program), join(directory, String(index)))
      stores.push({ program, local, speeds: [], ratios: [], cpu: 0 })
    }
    sender = values.sender === 'chromium' ? await chromiumSender() : nodeSender(plan)
    const urlsOf = (folder: string): readonly string[] =>
      Array.from({ length: plan.parts }, (_, index) => `http://127.0.0.1:${port}/${folder}/${index}`)
    const counts: number[] = []
    const hashes: number[] = []
    let countCpu = 0
    for (let round = 0; round <= Number(values.rounds); round++) {
      // The first round warms up caches and compilers.
      const isMeasured = round > 0
      const before = await processorTimeOf(counter.pid)
      const count = (mebibytes * 1000) / (await sender.send(urlsOf('count'), plan))
      if (isMeasured) countCpu += (await processorTimeOf(counter.pid)) - before
      const hash = (mebibytes * 1000) / (await sender.send(urlsOf('hash'), plan))
      if (isMeasured) {
        counts.push(count)
        hashes.push(hash)
        console.log(`round ${round}: counting ${count.toFixed(0)} MiB/s, hashing ${hash.toFixed(0)} MiB/s`)
      }
      for (const store of stores) {
        const cpu = await store.local.processorTime()
        const speed = (mebibytes * 1000) / (await sendToStore(store.local, sender, plan))
        if (!isMeasured) continue
        store.cpu += (await store.local.processorTime()) - cpu
        store.speeds.push(speed)
        store.ratios.push(speed / count)
        console.log(`  ${store.program}: ${speed.toFixed(0)} MiB/s, ratio ${(speed / count).toFixed(2)}`)
      }
    }
    const sent = mebibytes * counts.length
    console.log(
      JSON.stringify({
        sender: values.sender,
        cores: availableParallelism(),
        load: loadavg()[0],
        fileSystemType: `0x${type.toString(16)}`,
        ...plan,
        countMebibytesPerSecond: summarize(counts),
        hashMebibytesPerSecond: summarize(hashes),
        countCpuMillisecondsPerMebibyte: countCpu / sent,
        stores: stores.map(({ program, speeds, ratios, cpu }) => ({
          program,
          mebibytesPerSecond: summarize(speeds),
          ratio: summarize(ratios),
          cpuMillisecondsPerMebibyte: cpu / sent,
        })),
      }),
    )
  } finally {
    await sender?.close()
    counter.kill()
    for (const { local } of stores) await local.end()
    await rm(directory, { recursive: true, force: true })
  }
}

if (process.argv.includes('--count')) serveCount()
else await measure()
