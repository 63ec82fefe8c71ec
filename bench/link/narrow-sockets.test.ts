import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { RelayCalls } from '../services/relay-service.js'
import { nodeArguments, Service } from '../services/service.js'
import { megabits, symmetricLink } from './link-profile.js'
import { narrowStart } from './narrow-sockets.js'
import type { NarrowStart } from './narrow-sockets.js'

const profile = symmetricLink(megabits(4), 100)
const piece = Buffer.alloc(8 * 1024)

/** Bytes that the sender's kernel accepted but that have not arrived, measured once its buffers are full. */
async function swallowed(start: NarrowStart | null): Promise<number> {
  let arrived = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (arrived += chunk.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const relay = new Service<RelayCalls>(new URL('../services/relay-service.ts', import.meta.url), start)
  const targets = [(server.address() as AddressInfo).port]
  const [port = 0] = await relay.call('start', { profile, targets })
  const client = connect({ host: '127.0.0.1', port })
  client.on('error', () => undefined)
  onTestFinished(async () => {
    client.destroy()
    await relay.close()
    server.close()
  })
  let taken = 0
  const write = (): void => {
    client.write(piece, (error) => {
      if (error) return
      taken += piece.length
      write()
    })
  }
  client.once('connect', write)
  // The line carries half a megabyte a second; by now the buffers are full and the kernel accepts bytes at that rate.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  return taken - arrived
}

it.skipIf(!existsSync('/usr/bin/perl'))(
  'narrow sockets make a sender’s kernel take far less ahead of a slow line than loopback’s own do',
  async () => {
    const narrow = await swallowed(narrowStart(profile, 1, nodeArguments))
    expect(narrow).toBeGreaterThan(0)
    expect(narrow).toBeLessThan((await swallowed(null)) / 2)
  },
)

it('leaves the sockets of fast lines as they are', () => {
  expect(narrowStart(symmetricLink(megabits(1000), 20), 1, [])).toBeNull()
})
