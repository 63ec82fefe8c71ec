import { reasonOf } from '../async/clock.js'
import type { TabLocks } from '../ports.js'

/** Web Locks of one simulated browser, shared by its tabs. */
export function simLocks(): TabLocks {
  const queues = new Map<string, (() => void)[]>()
  return {
    acquire: (name, signal, onWait) => {
      const release = (): void => {
        const next = queues.get(name)?.shift()
        if (next === undefined) queues.delete(name)
        else next()
      }
      const queue = queues.get(name)
      if (queue === undefined) {
        queues.set(name, [])
        return Promise.resolve(release)
      }
      onWait()
      // `onWait` may have aborted the signal; an earlier abort is not reported again.
      if (signal.aborted) return Promise.reject(reasonOf(signal))
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve(release)
        }
        const onAbort = (): void => {
          queue.splice(queue.indexOf(enter), 1)
          reject(reasonOf(signal))
        }
        signal.addEventListener('abort', onAbort, { once: true })
        queue.push(enter)
      })
    },
  }
}
