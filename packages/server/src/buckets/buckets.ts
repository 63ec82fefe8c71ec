import type { ObjectStore, OpenMultipartUpload } from '@carryon/object-store'

const nameRule = /^[a-z][a-z0-9-]{0,31}$/u

/**
 * Several buckets as one store. An object's bucket follows from its key, so records, links and sweeps need not store it
 * separately. Keys of the bucket `archive` begin with `<keyPrefix>~archive/`.
 */
export class Buckets {
  /** Routes each call to the bucket of its key. */
  readonly store: ObjectStore
  readonly #main: ObjectStore
  readonly #keyPrefix: string
  readonly #others: ReadonlyMap<string, ObjectStore>

  /** @throws TypeError that names the invalid buckets. */
  constructor(main: ObjectStore, others: Readonly<Record<string, ObjectStore>>, keyPrefix: string) {
    const problems = Object.entries(others).flatMap(([name, store]) => problemsOf(name, store, main))
    if (problems.length > 0) throw new TypeError(`createServer: buckets: ${problems.join('; ')}`)
    this.#main = main
    this.#keyPrefix = keyPrefix
    this.#others = new Map(Object.entries(others))
    this.store = this.#others.size === 0 ? main : this.#routed()
  }

  get names(): string[] {
    return [...this.#others.keys()]
  }

  has(name: string): boolean {
    return this.#others.has(name)
  }

  /** Prefix of all keys of a bucket. */
  prefixOf(name: string): string {
    return `${this.#keyPrefix}~${name}/`
  }

  /** The bucket that a key is in; `null` for the first one, which has no name. */
  nameOf(key: string): string | null {
    return this.names.find((name) => key.startsWith(this.prefixOf(name))) ?? null
  }

  /** The bucket that a key is in. */
  of(key: string): ObjectStore {
    const name = this.nameOf(key)
    return (name === null ? undefined : this.#others.get(name)) ?? this.#main
  }

  #routed(): ObjectStore {
    const of = (key: string) => this.of(key)
    const all = [this.#main, ...this.#others.values()]
    const main = this.#main
    return {
      location: main.location,
      capabilities: main.capabilities,
      dialect: main.dialect,
      isVersioned: () => main.isVersioned(),
      getCors: () => main.getCors(),
      putCors: (rules) => main.putCors(rules),
      getAbortIncompleteDays: (prefix) => main.getAbortIncompleteDays(prefix),
      putAbortIncompleteDays: (prefix, days) => main.putAbortIncompleteDays(prefix, days),
      createMultipartUpload: (key, options) => of(key).createMultipartUpload(key, options),
      uploadPart: (part, body, signal) => of(part.key).uploadPart(part, body, signal),
      listParts: (key, uploadId) => of(key).listParts(key, uploadId),
      completeMultipartUpload: (key, ...rest) => of(key).completeMultipartUpload(key, ...rest),
      abortMultipartUpload: (key, uploadId) => of(key).abortMultipartUpload(key, uploadId),
      listMultipartUploads: (prefix) => this.#listUploads(prefix),
      putObject: (key, body, headers) => of(key).putObject(key, body, headers),
      headObject: (key) => of(key).headObject(key),
      getObject: (key, range) => of(key).getObject(key, range),
      deleteObject: (key) => of(key).deleteObject(key),
      presign: (request) => of(request.key).presign(request),
      presignForm: (request) => of(request.key).presignForm(request),
      headBucket: async () => {
        await Promise.all(all.map((store) => store.headBucket()))
      },
    }
  }

  /**
   * Lists each bucket's multipart uploads under its own keys only: one under another bucket's keys would be aborted in
   * the wrong bucket.
   */
  async *#listUploads(prefix: string): AsyncIterable<OpenMultipartUpload> {
    for await (const upload of this.#main.listMultipartUploads(prefix)) {
      if (this.nameOf(upload.key) === null) yield upload
    }
    for (const [name, store] of this.#others) {
      const own = this.prefixOf(name)
      if (own.startsWith(prefix)) yield* store.listMultipartUploads(own)
      else if (prefix.startsWith(own)) yield* store.listMultipartUploads(prefix)
    }
  }
}

function problemsOf(name: string, store: ObjectStore, main: ObjectStore): string[] {
  if (!nameRule.test(name)) return [`"${name}" must be 1 to 32 of a-z, 0-9 and -, and begin with a letter`]
  // The client learns checksums and sizes before the bucket is chosen, so they must be the same for all buckets.
  return store.dialect.name === main.dialect.name &&
    JSON.stringify(store.capabilities) === JSON.stringify(main.capabilities)
    ? []
    : [`"${name}" must be of the same kind as the first bucket, with the same capabilities`]
}
