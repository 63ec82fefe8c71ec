import type { Browser, Page } from 'playwright-core'

/**
 * Whose threads are slowed down: `page`, by the browser itself, which reaches the page's main thread and no worker
 * (Chromium refuses it for them); `all`, by stopping every process of the browser for most of the time.
 */
export type Slowed = 'page' | 'all'

/** Milliseconds that the processes run between two stops: shorter than a frame, longer than a timer is inexact. */
const runMs = 5

/**
 * Makes a browser's processor so many times slower until the answer is called.
 *
 * @param times 1: not at all
 */
export async function slowProcessor(
  browser: Browser,
  page: Page,
  slowed: Slowed,
  times: number,
): Promise<() => Promise<void>> {
  if (slowed === 'page') {
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: times })
    return () => session.detach()
  }
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const main = processInfo.find(({ type }) => type === 'browser')
  if (main === undefined) throw new Error('Chromium does not name its own process.')
  return stopAndGo(main.id, times)
}

/** Playwright makes the browser the leader of a process group of its own. */
function stopAndGo(leader: number, times: number): () => Promise<void> {
  let isOver = false
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  const loop = async (): Promise<void> => {
    while (!isOver) {
      const start = performance.now()
      await wait(runMs)
      const ran = performance.now() - start
      if (!signal(-leader, 'SIGSTOP')) return
      await wait(ran * (times - 1))
      signal(-leader, 'SIGCONT')
    }
  }
  const ended = loop()
  return async () => {
    isOver = true
    await ended
  }
}

/** @returns whether there is such a process still */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
