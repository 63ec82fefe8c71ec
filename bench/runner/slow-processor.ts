import type { Browser, Page } from 'playwright-core'

/**
 * Which threads are slowed down. `page`: the browser throttles the page's main thread (Chromium refuses this for
 * workers). `all`: every process of the browser is stopped for most of the time.
 */
export type Slowed = 'page' | 'all'

/** Milliseconds that the processes run between two stops: shorter than a frame, longer than the error of a timer. */
const runMs = 5

/**
 * Slows down a browser's processor until the returned function is called.
 *
 * @param times slow-down factor; 1 is full speed
 * @returns restores full speed
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

/** Signals the whole process group: Playwright starts the browser as leader of its own group. */
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

/** @returns whether the process still exists */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
