import { readFile } from 'node:fs/promises'
import type { BrowserContext, CDPSession } from 'playwright-core'

/** Memory over one upload. Bytes. */
export interface RendererMemory {
  /** The page's process, before a file was picked. */
  readonly before: number
  /** Peak during the upload. */
  readonly peak: number
  /** After the upload and a garbage collection. */
  readonly after: number
  /** Largest growth of the whole browser, all its processes together. */
  readonly browserGrowth: number
}

/** Bytes by which the renderer may grow during an upload, whatever the file's size. */
export const growthBound = 100 * 1024 * 1024
/** The browser chooses when to collect garbage: the peaks of runs of the same size differ by up to this many bytes. */
export const growthNoise = 32 * 1024 * 1024

/** Sampling interval, milliseconds. */
const sampleEvery = 100

/**
 * Watches the memory of the page's renderer during `action`, as counted by the operating system: memory not backed by
 * a file (`RssAnon + RssShmem` of proc(5)).
 *
 * This figure decides whether a tab is killed, and it is complete: JavaScript of the page and its workers,
 * WebAssembly, and the renderer's C++ buffers for slices being read and sent.
 * `performance.measureUserAgentSpecificMemory()` covers only the first two and requires a cross-origin isolated page,
 * which a page that talks to a store is not.
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
    // The process has ended since it was listed.
    return 0
  }
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return (kibibytes('RssAnon') + kibibytes('RssShmem')) * 1024
}
