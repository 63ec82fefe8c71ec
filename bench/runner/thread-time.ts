import { readdir, readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'

/** Linux's `USER_HZ`: ticks a second in `/proc/<pid>/stat` (proc_pid_stat(5)). */
const ticksPerSecond = 100

/** Seconds of processor time so far, by who spent them. */
export type ThreadTimes = ReadonlyMap<string, number>

/**
 * Processor time of all of the browser's processes, by process and kind of thread. What threads spent that have ended
 * since is their process's `ended threads`. Empty where there is no `/proc`.
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

/** Utility processes have names of their own: `network`, `storage`. */
async function processName(id: number, type: string): Promise<string> {
  const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
  return /--utility-sub-type=(\w+)/.exec(commandLine)?.[1] ?? type
}

/** Threads of a pool are one kind. */
function threadName(comm: string): string {
  return comm.replace(/[/\d-]+$/, '')
}

async function secondsOf(path: string): Promise<{ readonly comm: string; readonly seconds: number }> {
  const stat = await readFile(path, 'utf8').catch(() => '')
  // The name stands in brackets and may hold anything; user and system time are the 12th and 13th field behind it.
  const [, comm = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
  const fields = rest.split(' ')
  return { comm, seconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond }
}
