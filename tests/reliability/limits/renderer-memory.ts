import { readFile } from 'node:fs/promises'
import type { BrowserContext, CDPSession } from 'playwright-core'

/** Bytes. */
export interface RendererMemory {
  /** Of the page's process, before a file was picked. */
  readonly before: number
  /** The most that was seen while it uploaded. */
  readonly peak: number
  /** Once it was done and garbage was collected. */
  readonly after: number
  /** How much the whole browser, all processes together, grew at most. */
  readonly browserGrowth: number
}

/** Bytes by which the renderer may grow over an upload, whatever the file's size. */
export const growthBound = 100 * 1024 * 1024
/** When garbage is collected is the browser's choice: between runs of one size the peak differs by up to so much. */
export const growthNoise = 32 * 1024 * 1024

/** Milliseconds. */
const sampleEvery = 100

/**
 * Watches the memory of the page's renderer while `action` runs, as the operating system counts it: what belongs to
 * no file (`RssAnon + RssShmem` of proc(5)).
 *
 * That is the figure that decides whether a tab is killed, and it leaves nothing out: JavaScript of page and workers,
 * WebAssembly, and what the renderer's own C++ buffers of slices it reads and sends.
 * `performance.measureUserAgentSpecificMemory()` sees only the first two, and needs a page that is isolated from other
 * origins, which one that talks to a store is not.
 */
export async function watchRendererMemory(
  context: BrowserContext,
  action: () => Promise<void>,
): Promise<RendererMemory> {
  const browser = context.browser()
  const page = context.pages()[0]
  if (browser === null || page === undefined) throw new Error('There is no page to watch')
  const session = await browser.newBrowserCDPSession()
  const pageSession = await context.newCDPSession(page)
  const collectGarbage = () => pageSession.send('HeapProfiler.collectGarbage')

  await collectGarbage()
  const before = await sample(session)
  const peak = { renderer: before.renderer, all: before.all }
  const watch = watching(async () => {
    const { renderer, all } = await sample(session)
    peak.renderer = Math.max(peak.renderer, renderer)
    peak.all = Math.max(peak.all, all)
  })
  try {
    await action()
  } finally {
    await watch.stop()
  }
  await collectGarbage()
  const after = await sample(session)
  await Promise.all([session.detach(), pageSession.detach()])
  return {
    before: before.renderer,
    peak: peak.renderer,
    after: after.renderer,
    browserGrowth: peak.all - before.all,
  }
}

function watching(look: () => Promise<void>): { readonly stop: () => Promise<void> } {
  let ended = false
  const loop = async () => {
    while (!ended) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, sampleEvery))
    }
  }
  const running = loop()
  return {
    stop: async () => {
      ended = true
      await running
    },
  }
}

/** Bytes of the largest renderer, which is the page's, and of all processes. */
async function sample(session: CDPSession): Promise<{ readonly renderer: number; readonly all: number }> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sizes = await Promise.all(
    processInfo.map(async ({ id, type }) => ({ type, size: await ownMemory(id) })),
  )
  return {
    renderer: Math.max(...sizes.filter(({ type }) => type === 'renderer').map(({ size }) => size)),
    all: sizes.reduce((sum, { size }) => sum + size, 0),
  }
}

async function ownMemory(pid: number): Promise<number> {
  let status: string
  try {
    status = await readFile(`/proc/${pid}/status`, 'utf8')
  } catch {
    // Ended since it was listed.
    return 0
  }
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return (kibibytes('RssAnon') + kibibytes('RssShmem')) * 1024
}
