import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Finds free ports, for programs that cannot choose one themselves. Holds all of them open until the last is found,
 * so that no two are the same.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  try {
    return await Promise.all(
      servers.map(async (server) => {
        await once(server, 'listening')
        const address = server.address()
        if (typeof address !== 'object' || address === null) throw new Error('a server without a port')
        return address.port
      }),
    )
  } finally {
    for (const server of servers) server.close()
  }
}
