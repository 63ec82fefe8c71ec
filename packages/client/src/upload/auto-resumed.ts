import type { FileSource } from '../ports.js'

/**
 * Uploads that resume without a pick, by the fingerprint of their content. When the user picks the same file anyway,
 * they give way to it: it is the same upload, and the file itself is better than a copy.
 */
export class AutoResumed {
  readonly #identities = new WeakMap<FileSource, string>()
  readonly #uploads = new Map<string, { readonly file: FileSource; readonly leave: () => void }>()

  /** @param leave removes the upload from the page; what the store acknowledged stays */
  add(identity: string, file: FileSource, leave: () => void): void {
    this.#uploads.set(identity, { file, leave })
  }

  ended(identity: string, file: FileSource): void {
    if (this.#uploads.get(identity)?.file === file) this.#uploads.delete(identity)
  }

  /** The fingerprint of `file`; `undefined` before it was read. */
  identityOf(file: FileSource): string | undefined {
    return this.#identities.get(file)
  }

  /** Notes that `file` has this fingerprint, and ends an auto-resumed upload of the same file. */
  replace(identity: string, file: FileSource): void {
    this.#identities.set(file, identity)
    const resumed = this.#uploads.get(identity)
    if (resumed === undefined || resumed.file === file || resumed.file.name !== file.name) return
    this.#uploads.delete(identity)
    resumed.leave()
  }
}
