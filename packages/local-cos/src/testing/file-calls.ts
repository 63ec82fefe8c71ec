import type * as promises from 'node:fs/promises'
import { onTestFinished } from 'vitest'

type Files = typeof promises

/** Records file system calls, and can make them fail. Needs `vi.mock`; see {@link watched}. */
class FileCalls {
  /** `open /path`, `readdir /path`, … in the order they started. */
  readonly calls: string[] = []
  #fail: ((call: string) => string | undefined) | undefined

  /** Clears the recorded calls. */
  clear(): void {
    this.calls.length = 0
  }

  /** Recorded calls that match. */
  matching(pattern: RegExp): readonly string[] {
    return this.calls.filter((call) => pattern.test(call))
  }

  /** Makes calls fail with the error code that `code` returns for them, until the test ends or `recover` is called. */
  failWith(code: (call: string) => string | undefined): void {
    this.#fail = code
    onTestFinished(() => this.recover())
  }

  recover(): void {
    this.#fail = undefined
  }

  /** Records a call. */
  note(name: string, path: unknown): void {
    const call = `${name} ${String(path)}`
    this.calls.push(call)
    const code = this.#fail?.(call)
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${call}`), { code })
  }
}

export const fileCalls = new FileCalls()

/**
 * The real file system, with calls recorded in {@link fileCalls}:
 * `vi.mock('node:fs/promises', async (real) => (await import('…/file-calls.js')).watched(await real()))`.
 */
export function watched(real: Files): Files {
  const names = [
    'open',
    'readFile',
    'readdir',
    'stat',
    'rename',
    'unlink',
    'rm',
    'mkdir',
    'writeFile',
  ] as const
  const noted = Object.fromEntries(
    names.map((name) => {
      const call = real[name] as (...args: unknown[]) => Promise<unknown>
      return [
        name,
        async (...args: unknown[]) => {
          fileCalls.note(name, args[0])
          return call(...args)
        },
      ]
    }),
  )
  return { ...real, ...noted }
}
