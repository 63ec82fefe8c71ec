import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'

/** Megabytes (MiB) of memory that is not a file's. */
export interface BrowserMemory {
  /** The largest renderer: page and workers. */
  readonly renderer: number
  /** All of the browser's processes; Blobs made in memory live outside of the renderer. */
  readonly all: number
}

export interface BrowserUsage extends BrowserMemory {
  /** CPU time of all processes so far, milliseconds. */
  readonly cpuMs: number
  /** Of the renderers among them: page and workers. */
  readonly rendererCpuMs: number
}

/** What the browser's processes use now. Memory is 0 where there is no `/proc`. */
export async function browserUsage(browser: Browser): Promise<BrowserUsage> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const sizes = await Promise.all(
      processInfo.map(async ({ id, type }) => ({ type, size: await privateMemory(id) })),
    )
    return {
      renderer: Math.max(0, ...sizes.filter(({ type }) => type === 'renderer').map(({ size }) => size)),
      all: sizes.reduce((sum, { size }) => sum + size, 0),
      cpuMs: cpuMilliseconds(processInfo),
      rendererCpuMs: cpuMilliseconds(processInfo.filter(({ type }) => type === 'renderer')),
    }
  } finally {
    await session.detach()
  }
}

/** @param processes with their CPU time in seconds */
function cpuMilliseconds(processes: readonly { readonly cpuTime: number }[]): number {
  return 1000 * processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** Samples memory until stopped; answers the highest values seen. */
export function watchMemory(browser: Browser): { stop(): Promise<BrowserMemory> } {
  const highest = { renderer: 0, all: 0 }
  const sample = async (): Promise<void> => {
    const { renderer, all } = await browserUsage(browser)
    highest.renderer = Math.max(highest.renderer, renderer)
    highest.all = Math.max(highest.all, all)
  }
  let last = sample()
  const timer = setInterval(() => {
    last = last.then(sample)
  }, sampleEveryMs)
  return {
    async stop() {
      clearInterval(timer)
      await last
      return highest
    },
  }
}

const sampleEveryMs = 500

/** MiB of anonymous and shared memory. */
async function privateMemory(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return (kilobytes('RssAnon') + kilobytes('RssShmem')) / 1024
  } catch {
    return 0
  }
}
