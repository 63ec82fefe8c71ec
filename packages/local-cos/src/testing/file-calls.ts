import type * as promises from 'node:fs/promises'
import { onTestFinished } from 'vitest'

type Files = typeof promises

/** Calls of the file system that tests count, and how to make them fail. Needs `vi.mock`; see {@link watched}. */
class FileCalls {
  /** `open /path`, `readdir /path`, … in the order they began. */
  readonly calls: string[] = []
  #fail: ((call: string) => string | undefined) | undefined

  /** Forgets the calls so far. */
  clear(): void {
    this.calls.length = 0
  }

  /** Of the calls so far, those whose path matches. */
  matching(pattern: RegExp): readonly string[] {
    return this.calls.filter((call) => pattern.test(call))
  }

  /** Until the test ends, or `recover`, calls for which this gives an error code fail with it. */
  failWith(code: (call: string) => string | undefined): void {
    this.#fail = code
    onTestFinished(() => this.recover())
  }

  recover(): void {
    this.#fail = undefined
  }

  /** Called for each call. */
  note(name: string, path: unknown): void {
    const call = `${name} ${String(path)}`
    this.calls.push(call)
    const code = this.#fail?.(call)
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${call}`), { code })
  }
}

export const fileCalls = new FileCalls()

/**
 * The real file system, noted in {@link fileCalls}:
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
