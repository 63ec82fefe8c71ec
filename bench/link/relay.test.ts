import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { megabits, symmetricLink, withResets, withServerTime } from './link-profile.js'
import type { LinkProfile } from './link-profile.js'
import { startRelay } from './relay.js'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** Starts a server behind a path, and connects to it through the path. */
async function through(profile: LinkProfile, onConnection: (socket: Socket) => void): Promise<Socket> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  const port = await listening(server)
  const relay = await startRelay(profile, [port])
  const client = connect({ host: '127.0.0.1', port: relay.ports[0] ?? 0, noDelay: true })
  client.on('error', () => undefined)
  cleanups.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => relay.close(),
    async () => client.destroy(),
  )
  return client
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/**
 * Measures at most three times, until a measurement is within `tolerance` of `wanted`, and returns the last one. A
 * busy machine may spoil single measurements; a wrong relay fails all of them.
 */
async function measured(wanted: number, tolerance: number, measure: () => Promise<number>): Promise<number> {
  let last = NaN
  for (let attempt = 0; attempt < 3; attempt++) {
    last = await measure()
    if (Math.abs(last / wanted - 1) <= tolerance) break
  }
  return last
}

/** Bits per second that arrive after slow start, while the sender sends as fast as it can. */
async function goodput(profile: LinkProfile, bytes: number): Promise<number> {
  let received = 0
  let start = 0
  let startBytes = 0
  const rate = await new Promise<number>((resolve) => {
    void through(profile, (socket) => {
      socket.on('data', (chunk) => {
        received += chunk.length
        if (start === 0 && received >= bytes / 4) {
          start = performance.now()
          startBytes = received
        }
      })
      socket.on('end', () => {
        resolve((8000 * (received - startBytes)) / (performance.now() - start))
      })
    }).then((client) => client.end(Buffer.alloc(bytes)))
  })
  return rate
}

/** Median round-trip time of one byte, in milliseconds. */
async function roundTrip(profile: LinkProfile): Promise<number> {
  const client = await through(profile, (socket) => socket.pipe(socket))
  const times: number[] = []
  for (let count = 0; count < 6; count++) {
    const start = performance.now()
    client.write('x')
    await new Promise((resolve) => client.once('data', resolve))
    times.push(performance.now() - start)
  }
  // The first measurement includes opening the connection.
  return times.slice(1).sort((a, b) => a - b)[2] ?? NaN
}

describe('a path', () => {
  it('carries its rate within 3 %', async () => {
    const rate = megabits(80)
    const seen = await measured(rate, 0.03, () => goodput(symmetricLink(rate, 10), 8_000_000))
    expect(Math.abs(seen / rate - 1)).toBeLessThanOrEqual(0.03)
  })

  it('takes its round trip within 5 %', async () => {
    const seen = await measured(50, 0.05, () => roundTrip(symmetricLink(megabits(100), 50)))
    expect(Math.abs(seen / 50 - 1)).toBeLessThanOrEqual(0.05)
  })

  it('takes a round trip to open a connection', async () => {
    const seen = await measured(120, 0.1, async () => {
      const start = performance.now()
      const client = await through(symmetricLink(megabits(100), 60), (socket) => socket.pipe(socket))
      client.write('x')
      await new Promise((resolve) => client.once('data', resolve))
      return performance.now() - start
    })
    expect(Math.abs(seen / 120 - 1)).toBeLessThanOrEqual(0.1)
  })

  it('delivers every byte in order, both ways', async () => {
    const sent = randomBytes(3_000_000)
    const client = await through(symmetricLink(megabits(200), 4), (socket) => socket.pipe(socket))
    const hash = createHash('sha256')
    client.on('data', (chunk) => hash.update(chunk))
    const ended = new Promise((resolve) => client.once('end', resolve))
    client.end(sent)
    await ended
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'))
  })

  it('holds the sender back instead of taking all it has', async () => {
    let received = 0
    const profile = { ...symmetricLink(megabits(8), 20), queueBytes: 64 * 1024 }
    const client = await through(profile, (socket) =>
      socket.on('data', (chunk) => (received += chunk.length)),
    )
    // More than the kernel's socket buffers and the path together can hold.
    client.write(Buffer.alloc(32 * 1024 * 1024))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(client.writableLength).toBeGreaterThan(0)
    expect(received).toBeLessThan(600_000)
  })

  it('holds back answers to requests with a body, and no others', async () => {
    const profile = withServerTime(symmetricLink(megabits(100), 2), 150)
    const client = await through(profile, (socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK')),
    )
    const answerTo = async (request: string): Promise<number> => {
      const start = performance.now()
      client.write(request)
      await new Promise((resolve) => client.once('data', resolve))
      return performance.now() - start
    }
    await answerTo('GET / HTTP/1.1')
    expect(await answerTo('PUT / HTTP/1.1')).toBeGreaterThan(145)
    expect(await answerTo('OPTIONS / HTTP/1.1')).toBeLessThan(100)
  })

  it('resets a connection now and then', async () => {
    const client = await through(withResets(symmetricLink(megabits(8), 2), 100), (socket) => socket.resume())
    const failed = new Promise<string | undefined>((resolve) =>
      client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
    )
    client.write(Buffer.alloc(1_000_000))
    expect(['ECONNRESET', 'EPIPE']).toContain(await failed)
  })
})
