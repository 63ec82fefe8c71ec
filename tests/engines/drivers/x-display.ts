import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A virtual screen. */
export interface XDisplay {
  /** Value for the environment variable `DISPLAY`. */
  readonly name: string
  close(): Promise<void>
}

/** Starts `Xvfb` on a free display. */
export async function openDisplay(width: number, height: number): Promise<XDisplay> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const ended = once(server, 'close')
  const number = await Promise.race([once(server.stdio[3] as Readable, 'data'), ended.then(() => undefined)])
  if (number === undefined) throw new Error('Xvfb did not start.')
  return {
    name: `:${String(number[0]).trim()}`,
    async close() {
      server.kill()
      await ended
    },
  }
}
