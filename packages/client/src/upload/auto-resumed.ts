import type { FileSource } from '../ports.js'

/**
 * Uploads that go on without a pick, by the identity of their content. When the same file is picked all the same, they give way to it: it
 * is one upload, and a file that can be read is better than a copy.
 */
export class AutoResumed {
  readonly #identities = new WeakMap<FileSource, string>()
  readonly #uploads = new Map<string, { readonly file: FileSource; readonly leave: () => void }>()

  /** @param leave ends it without a trace; what the store acknowledged stays */
  add(identity: string, file: FileSource, leave: () => void): void {
    this.#uploads.set(identity, { file, leave })
  }

  ended(identity: string, file: FileSource): void {
    if (this.#uploads.get(identity)?.file === file) this.#uploads.delete(identity)
  }

  /** What `file` is; `undefined` before anything was read of it. */
  identityOf(file: FileSource): string | undefined {
    return this.#identities.get(file)
  }

  /** `file`, of that identity, has been added. */
  replace(identity: string, file: FileSource): void {
    this.#identities.set(file, identity)
    const resumed = this.#uploads.get(identity)
    if (resumed === undefined || resumed.file === file || resumed.file.name !== file.name) return
    this.#uploads.delete(identity)
    resumed.leave()
  }
}
