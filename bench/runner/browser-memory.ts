import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'

/** Memory in MiB, not counting pages mapped from files. */
export interface BrowserMemory {
  /** The largest renderer process, which runs the page and its workers. */
  readonly renderer: number
  /** All processes of the browser: Blobs created in memory live outside the renderer. */
  readonly all: number
}

export interface BrowserUsage extends BrowserMemory {
  /** CPU time that all processes have used so far, milliseconds. */
  readonly cpuMs: number
  /** The share of the renderer processes, which run the page and its workers. */
  readonly rendererCpuMs: number
}

/** Current memory and CPU time of the browser's processes. Memory is 0 on systems without `/proc`. */
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

/** Samples memory until stopped; `stop` returns the highest values seen. */
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
