import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { BucketFiles } from './bucket-files.js'
import { IndexedFolder } from './indexed-folder.js'
import type { ObjectFolder } from './object-folder.js'
import type { ObjectAttributes, ObjectRecord } from './object-record.js'
import { noSuchUpload, OpenUpload } from './open-upload.js'
import { partFileName } from './part-file.js'
import type { PartFolders } from './part-folders.js'
import type { ReceivedBody } from './receive-body.js'
import { SortedIndex } from './sorted-index.js'
import type { Order } from './sorted-list.js'
import { uploadFileName, uploadFileNameOf, UploadFiles, type UploadRecord } from './upload-files.js'
import { compareUtf8 } from './utf8-order.js'

const byKeyThenId: Order<UploadRecord> = {
  keyOf: ({ key }) => key,
  tie: (a, b) => compareUtf8(a.uploadId, b.uploadId),
}

/**
 * Open multipart uploads of one bucket: `uploads/<id>.json` marks an upload as open, and its parts are in
 * `parts/<id>/`. Completing writes the object and then moves the JSON file to the parts, which stay in place.
 */
export class UploadFolder {
  readonly index: IndexedFolder<UploadRecord>
  readonly #records: UploadFiles
  readonly #shared: BucketFiles
  readonly #parts: PartFolders
  readonly #objects: ObjectFolder
  readonly #folder: string
  readonly #sorted: SortedIndex<UploadRecord>
  /** Uploads that a request has used since the start. */
  readonly #used = new Map<string, Promise<OpenUpload | null>>()
  /** Ids of uploads whose parts folder exists but whose record is not yet written. */
  readonly #creating = new Set<string>()
  #endedCompleted = false

  /** @param changed called when the index needs saving. */
  constructor(
    path: string,
    shared: BucketFiles,
    parts: PartFolders,
    objects: ObjectFolder,
    changed: () => void,
  ) {
    this.#shared = shared
    this.#parts = parts
    this.#objects = objects
    this.#records = new UploadFiles(path, shared)
    this.#folder = basename(path)
    this.index = new IndexedFolder({
      path,
      indexFile: join(shared.index, this.#folder),
      names: uploadFileName,
      read: async (name) => this.#records.read(name),
      files: shared.files,
      closing: shared.closing,
    })
    this.#sorted = new SortedIndex(dirname(path), new Map([[this.#folder, this.index]]), byKeyThenId, changed)
  }

  async create(
    key: string,
    headers: Readonly<Record<string, string>>,
    now: number,
    attributes: ObjectAttributes = {},
  ): Promise<UploadRecord> {
    // As in Tencent's documents: ten digits of Unix seconds, then 64 hex digits.
    const uploadId = `${Math.floor(now / 1000)}${randomBytes(32).toString('hex')}`
    const record: UploadRecord = { uploadId, key, initiated: now, headers, ...attributes }
    const { files } = this.#shared
    this.#creating.add(uploadId)
    try {
      await files.makeFolder(this.#parts.pathOf(uploadId))
      await this.#change(uploadId, async () => {
        await files.write(this.#records.pathOf(uploadId), JSON.stringify(record))
        return record
      })
      this.#used.set(uploadId, Promise.resolve(this.#uploadOf(record)))
    } finally {
      this.#creating.delete(uploadId)
    }
    return record
  }

  /** @throws `NoSuchUpload` if no upload with that id and key is open. */
  async get(key: string, uploadId: string): Promise<OpenUpload> {
    const upload = uploadFileName.test(uploadFileNameOf(uploadId)) ? await this.#find(uploadId) : null
    if (upload?.record.key !== key) throw noSuchUpload()
    return upload
  }

  /** Ids of the uploads that are open or being created. */
  async openIds(): Promise<ReadonlySet<string>> {
    const creating = [...this.#creating]
    const open = await this.list()
    return new Set([...open.map(({ uploadId }) => uploadId), ...creating])
  }

  /** Sorted by key, then by upload id, which starts with the time. */
  async list(): Promise<readonly UploadRecord[]> {
    if (!this.#endedCompleted) await this.#endCompleted()
    return this.#sorted.entries()
  }

  /** Total bytes of the parts of all open uploads. */
  async size(): Promise<number> {
    let size = 0
    for (const { uploadId } of await this.list()) size += (await this.#find(uploadId))?.size ?? 0
    return size
  }

  async addPart(
    upload: OpenUpload,
    partNumber: number,
    body: ReceivedBody,
    now: number,
  ): Promise<{ readonly etag: string; readonly crc64: bigint }> {
    const { part, replaced } = await upload.addPart(partNumber, body, now)
    if (replaced !== undefined) this.#shared.quota.release(replaced.size)
    return { etag: part.md5, crc64: part.crc64 }
  }

  /**
   * Joins the parts chosen by `plan` into an object and ends the upload.
   *
   * No part can be added while `plan` runs. If `plan` or storing the object fails, the upload stays open.
   */
  async complete(
    upload: OpenUpload,
    objects: ObjectFolder,
    plan: () => Promise<{ readonly record: ObjectRecord; readonly forbidOverwrite: boolean }>,
  ): Promise<void> {
    await upload.end(async () => {
      const { record, forbidOverwrite } = await plan()
      const { uploadId } = upload.record
      // A part is acknowledged after its folder is synced; this object may use parts not yet acknowledged.
      await this.#shared.files.syncFolder(this.#parts.pathOf(uploadId))
      await objects.join(record, { forbidOverwrite })
      await this.#keep(uploadId)
      this.#used.delete(uploadId)
      await this.#dropUnused(upload, record)
    })
  }

  async abort(upload: OpenUpload): Promise<void> {
    await upload.end(async () => {
      const { uploadId } = upload.record
      await this.#removeRecord(uploadId)
      this.#used.delete(uploadId)
      this.#shared.quota.release(upload.size)
      await this.#parts.remove(uploadId)
    })
  }

  async #find(uploadId: string): Promise<OpenUpload | null> {
    const known = this.#used.get(uploadId)
    if (known !== undefined) return known
    const loading = this.#load(uploadId)
    this.#used.set(uploadId, loading)
    let upload: OpenUpload | null = null
    try {
      upload = await loading
    } finally {
      if (upload === null && this.#used.get(uploadId) === loading) this.#used.delete(uploadId)
    }
    return upload
  }

  /** Loads an upload left open by an earlier run of the store; `null` if there is none. */
  async #load(uploadId: string): Promise<OpenUpload | null> {
    const name = uploadFileNameOf(uploadId)
    const record = await this.#records.read(name)
    if (record === null) {
      // The index lists it, but its record is missing or damaged: remove it from the index.
      if (this.index.entries?.has(name) === true) await this.#change(uploadId, async () => null)
      return null
    }
    if (await this.#objects.isJoined(record.key, uploadId)) {
      // The process was killed between storing the object and ending the upload.
      await this.#keep(uploadId)
      return null
    }
    const upload = this.#uploadOf(record)
    if (await upload.load()) return upload
    // As above, but the object has been overwritten or deleted since, and its parts with it.
    await this.#removeRecord(uploadId)
    return null
  }

  /** Ends uploads whose object was stored just before the process was killed, so that they are not listed. */
  async #endCompleted(): Promise<void> {
    const open = await this.#sorted.entries()
    const joined = new Set((await this.#objects.listVersions()).map(({ uploadId }) => uploadId))
    for (const { uploadId } of open) {
      if (joined.has(uploadId)) await this.#find(uploadId)
    }
    this.#endedCompleted = true
  }

  async #keep(uploadId: string): Promise<void> {
    await this.#change(uploadId, async () => {
      await this.#parts.keep(uploadId, this.#records.pathOf(uploadId))
      return null
    })
  }

  async #removeRecord(uploadId: string): Promise<void> {
    await this.#change(uploadId, async () => {
      await this.#shared.files.remove(this.#records.pathOf(uploadId))
      return null
    })
  }

  async #change(uploadId: string, action: () => Promise<UploadRecord | null>): Promise<void> {
    await this.#sorted.change(this.#folder, uploadFileNameOf(uploadId), action)
  }

  /** Removes parts that the complete request left out. */
  async #dropUnused(upload: OpenUpload, record: ObjectRecord): Promise<void> {
    const used = new Set(record.joined?.parts.map((part) => part.file))
    for (const part of upload.parts) {
      const file = partFileName(part)
      if (used.has(file)) continue
      await this.#shared.files.discard(join(this.#parts.pathOf(upload.record.uploadId), file))
      this.#shared.quota.release(part.size)
    }
  }

  #uploadOf(record: UploadRecord): OpenUpload {
    return new OpenUpload(record, this.#parts.pathOf(record.uploadId), this.#shared.files)
  }
}
