import { readdir, readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'

/** Linux's `USER_HZ`: ticks per second in `/proc/<pid>/stat` (proc_pid_stat(5)). */
const ticksPerSecond = 100

/** Seconds of processor time used so far, by process and kind of thread. */
export type ThreadTimes = ReadonlyMap<string, number>

/**
 * Processor time of all processes of the browser, by process and kind of thread. Threads that have already ended are
 * counted as `ended threads` of their process. Meaningful only on systems with `/proc`.
 */
export async function threadTimes(browser: Browser): Promise<ThreadTimes> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo').finally(() => session.detach())
  const times = new Map<string, number>()
  const add = (who: string, seconds: number): void => void times.set(who, (times.get(who) ?? 0) + seconds)
  for (const { id, type } of processInfo) {
    const name = await processName(id, type)
    const whole = await secondsOf(`/proc/${id}/stat`)
    let known = 0
    for (const thread of await readdir(`/proc/${id}/task`).catch(() => [])) {
      const { comm, seconds } = await secondsOf(`/proc/${id}/task/${thread}/stat`)
      add(`${name}: ${thread === String(id) ? 'main' : threadName(comm)}`, seconds)
      known += seconds
    }
    add(`${name}: ended threads`, whole.seconds - known)
  }
  return times
}

/** Name of a process. Utility processes are named by what they do, such as `network` or `storage`. */
async function processName(id: number, type: string): Promise<string> {
  const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
  return /--utility-sub-type=(\w+)/.exec(commandLine)?.[1] ?? type
}

/** Kind of a thread: its name without the number at the end, so that all threads of a pool are one kind. */
function threadName(comm: string): string {
  return comm.replace(/[/\d-]+$/, '')
}

async function secondsOf(path: string): Promise<{ readonly comm: string; readonly seconds: number }> {
  const stat = await readFile(path, 'utf8').catch(() => '')
  // The name is in parentheses and may contain anything; user and system time are the 12th and 13th field after it.
  const [, comm = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
  const fields = rest.split(' ')
  return { comm, seconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond }
}
