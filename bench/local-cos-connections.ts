/**
 * Measures the memory of the embedded store's process while many connections transfer at once: uploads at full speed,
 * uploads that stall midway, and downloads whose reader stalls. The store runs as a separate process, as built; the
 * system reports its peak memory. Linux only.
 *
 *   npm run build
 *   npm run local-cos-connections --workspace bench -- [--connections 500] [--mib 4] [--hold 5000] [--directory DIR]
 *        [--program packages/local-cos/dist/main.js]
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { builtProgram, LocalCosProcess, programAt } from './services/local-cos-process.js'

const mebibyte = 1024 * 1024
/** A connection that writes raw bytes, so that it can stall anywhere. */
class Transfer {
  readonly #socket: Socket
  readonly #answered: Promise<string>

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#answered = new Promise((done, fail) => {
      let head = ''
      this.#socket.on('error', fail).on('data', (chunk: Buffer) => {
        if (head.length < 100) head += chunk.toString('latin1', 0, 100)
      })
      this.#socket.on('close', () => done(head))
    })
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.#socket.write(bytes)) await once(this.#socket, 'drain')
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Resolves to the status line after the server has closed the connection. */
  async answered(): Promise<string> {
    return (await this.#answered).split('\r\n')[0] ?? ''
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      connections: { type: 'string', default: '500' },
      mib: { type: 'string', default: '4' },
      hold: { type: 'string', default: '5000' },
      directory: { type: 'string', default: tmpdir() },
      program: { type: 'string', default: builtProgram },
    },
  })
  const program = programAt(values.program)
  const [count, size, hold] = [Number(values.connections), Number(values.mib) * mebibyte, Number(values.hold)]
  const directory = await mkdtemp(join(values.directory, 'local-cos-connections-'))
  try {
    const body = Buffer.alloc(size, 'carryon')
    const numbers = Array.from({ length: count }, (_, number) => number)
    for (const kind of [
      'uploads at full speed',
      'uploads that stand still',
      'downloads that stand still',
    ] as const) {
      const store = await LocalCosProcess.start(program, directory)
      const cos = store.client()
      const isUpload = kind !== 'downloads that stand still'
      const atRest = await store.memory()
      const began = performance.now()
      const transfers = await Promise.all(
        numbers.map(async (number) => {
          const method = isUpload ? 'PUT' : 'GET'
          const { url } = await cos.presign({ method, key: `object ${number}`, query: {}, expiresIn: 3600 })
          const { pathname, search, host } = new URL(url)
          const transfer = new Transfer(store.port)
          const length = isUpload ? `Content-Length: ${size}\r\n` : ''
          if (!isUpload) transfer.pause()
          await transfer.write(
            `${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${length}Connection: close\r\n\r\n`,
          )
          return transfer
        }),
      )
      const half = Math.floor(size / 2)
      if (kind === 'uploads that stand still') {
        await Promise.all(transfers.map(async (transfer) => transfer.write(body.subarray(0, half))))
      }
      if (kind !== 'uploads at full speed') await delay(hold)
      const held = await store.memory()
      await Promise.all(
        transfers.map(async (transfer) => {
          transfer.resume()
          if (isUpload) await transfer.write(body.subarray(kind === 'uploads that stand still' ? half : 0))
        }),
      )
      const answers = new Map<string, number>()
      for (const transfer of transfers) {
        const answer = await transfer.answered()
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }
      const { most } = await store.memory()
      const row = {
        kind,
        connections: count,
        answers: Object.fromEntries(answers),
        mibAtRest: atRest.now,
        mibHeld: kind === 'uploads at full speed' ? undefined : held.now,
        mibMost: most,
        seconds: (performance.now() - began) / 1000,
        load: loadavg()[0],
      }
      console.log(
        JSON.stringify(row, (_, value: unknown) =>
          typeof value === 'number' ? Math.round(value * 10) / 10 : value,
        ),
      )
      await store.end()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

await main()
