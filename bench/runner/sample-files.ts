import { randomFillSync } from 'node:crypto'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scratchRoot } from '../services/scratch.js'
import type { PickedFile } from './run-upload.js'

/** Bytes per write. */
const blockSize = 16 * 1024 * 1024

/** Files to pick, in a temporary folder that `close` removes. */
export class SampleFiles {
  readonly #folder: string
  readonly #made = new Map<string, Promise<readonly PickedFile[]>>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(): Promise<SampleFiles> {
    return new SampleFiles(await mkdtemp(join(scratchRoot(), 'carryon-bench-files-')))
  }

  /** `count` files of `size` random bytes each. Calls with the same arguments return the same files. */
  random(size: number, count = 1): Promise<readonly PickedFile[]> {
    return this.#once(
      `random-${size}-${count}`,
      async (path) => {
        const block = Buffer.alloc(Math.min(size, blockSize))
        const file = await open(path, 'w')
        for (let written = 0; written < size; written += block.length) {
          await file.write(randomFillSync(block), 0, Math.min(block.length, size - written))
        }
        await file.close()
      },
      size,
      count,
    )
  }

  /** One sparse file of `size` bytes: zeros that occupy no disk space. */
  async sparse(size: number): Promise<readonly PickedFile[]> {
    return this.#once(
      `sparse-${size}`,
      async (path) => {
        await writeFile(path, '')
        await truncate(path, size)
      },
      size,
      1,
    )
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  #once(
    name: string,
    make: (path: string) => Promise<void>,
    size: number,
    count: number,
  ): Promise<readonly PickedFile[]> {
    const made =
      this.#made.get(name) ??
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const path = join(this.#folder, `${name}-${index}.bin`)
          await make(path)
          return { path, size }
        }),
      )
    this.#made.set(name, made)
    return made
  }
}
