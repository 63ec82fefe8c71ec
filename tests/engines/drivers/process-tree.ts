import { readFile, readdir } from 'node:fs/promises'

/**
 * Kills a process and all its descendants, as a crash of the whole browser would. Linux only: reads `/proc`.
 *
 * Stops all of them before killing the first, so that none can notice, save anything, or start another process.
 */
export async function killTree(root: number): Promise<void> {
  const stopped = new Set<number>()
  for (;;) {
    const fresh = (await treeOf(root)).filter((pid) => !stopped.has(pid))
    if (fresh.length === 0) break
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP')
      stopped.add(pid)
    }
  }
  for (const pid of stopped) signal(pid, 'SIGKILL')
  await Promise.all([...stopped].map(untilGone))
}

/** The process and its descendants, the process itself first. */
async function treeOf(root: number): Promise<readonly number[]> {
  const parents = new Map<number, number>()
  for (const entry of await readdir('/proc')) {
    const parent = /^\d+$/.test(entry) ? (await statusOf(Number(entry)))?.parent : undefined
    if (parent !== undefined) parents.set(Number(entry), parent)
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** `undefined` if the process does not exist. */
async function statusOf(
  pid: number,
): Promise<{ readonly parent: number; readonly ended: boolean } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name is in parentheses and may contain any character; state and parent follow it (proc(5)).
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(parent), ended: state === 'Z' || state === 'X' }
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    const status = await statusOf(pid)
    if (status === undefined || status.ended) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
