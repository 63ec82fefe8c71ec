import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DurableFiles } from './durable-files.js'
import type { ObjectFolder } from './object-folder.js'
import type { ObjectAttributes, ObjectRecord } from './object-record.js'
import { noSuchUpload, OpenUpload, type UploadRecord } from './open-upload.js'
import { partFileName } from './part-file.js'
import type { PartFolders } from './part-folders.js'
import type { Quota } from './quota.js'
import type { ReceivedBody } from './receive-body.js'
import { compareUtf8 } from './utf8-order.js'

/**
 * The open multipart uploads of one bucket: `uploads/<id>.json` says that an upload is open, its parts lie in
 * `parts/<id>/`. Completing writes the object, then moves the first to its parts, which stay where they are.
 */
export class UploadFolder {
  readonly #path: string
  readonly #files: DurableFiles
  readonly #parts: PartFolders
  readonly #quota: Quota
  readonly #open = new Map<string, OpenUpload>()

  constructor(path: string, files: DurableFiles, parts: PartFolders, quota: Quota) {
    this.#path = path
    this.#files = files
    this.#parts = parts
    this.#quota = quota
  }

  /** Reads back the open uploads, and ends those whose object was stored just before the process was killed. */
  async load(objects: ObjectFolder): Promise<void> {
    for (const name of await readdir(this.#path)) {
      const file = join(this.#path, name)
      const record = JSON.parse(await readFile(file, 'utf8')) as UploadRecord
      const object = await objects.find(record.key)
      if (object?.joined?.uploadId === record.uploadId) {
        await this.#parts.keep(record.uploadId, file)
        continue
      }
      const upload = this.#uploadOf(record)
      await upload.load()
      this.#quota.count(upload.size)
      this.#open.set(record.uploadId, upload)
    }
  }

  async create(
    key: string,
    headers: Readonly<Record<string, string>>,
    now: number,
    attributes: ObjectAttributes = {},
  ): Promise<UploadRecord> {
    // As the documents show it: ten digits of unix seconds, then 64 hex digits.
    const uploadId = `${Math.floor(now / 1000)}${randomBytes(32).toString('hex')}`
    const record: UploadRecord = { uploadId, key, initiated: now, headers, ...attributes }
    await this.#files.makeFolder(this.#parts.pathOf(uploadId))
    await this.#files.write(this.#fileOf(uploadId), JSON.stringify(record))
    this.#open.set(uploadId, this.#uploadOf(record))
    return record
  }

  /** @throws `NoSuchUpload` when no upload of that id and key is open. */
  get(key: string, uploadId: string): OpenUpload {
    const upload = this.#open.get(uploadId)
    if (upload === undefined || upload.record.key !== key) throw noSuchUpload()
    return upload
  }

  has(uploadId: string): boolean {
    return this.#open.has(uploadId)
  }

  /** Sorted by key, then by upload id, which begins with the time. */
  list(): readonly UploadRecord[] {
    return [...this.#open.values()]
      .map((upload) => upload.record)
      .sort((a, b) => compareUtf8(a.key, b.key) || compareUtf8(a.uploadId, b.uploadId))
  }

  async addPart(
    upload: OpenUpload,
    partNumber: number,
    body: ReceivedBody,
    now: number,
  ): Promise<{ readonly etag: string; readonly crc64: bigint }> {
    const { part, replaced } = await upload.addPart(partNumber, body, now)
    if (replaced !== undefined) this.#quota.release(replaced.size)
    return { etag: part.md5, crc64: part.crc64 }
  }

  /**
   * Makes the object out of the parts that `plan` chooses and ends the upload.
   *
   * `plan` runs while no part can arrive; when it, or storing the object, fails, the upload stays open.
   */
  async complete(
    upload: OpenUpload,
    objects: ObjectFolder,
    plan: () => Promise<{ readonly record: ObjectRecord; readonly forbidOverwrite: boolean }>,
  ): Promise<void> {
    await upload.end(async () => {
      const { record, forbidOverwrite } = await plan()
      const { uploadId } = upload.record
      // A part is acknowledged once its folder is synced; the parts of this object may be newer than that.
      await this.#files.syncFolder(this.#parts.pathOf(uploadId))
      await objects.join(record, { forbidOverwrite })
      await this.#parts.keep(uploadId, this.#fileOf(uploadId))
      this.#open.delete(uploadId)
      await this.#dropUnused(upload, record)
    })
  }

  async abort(upload: OpenUpload): Promise<void> {
    await upload.end(async () => {
      const { uploadId } = upload.record
      await this.#files.remove(this.#fileOf(uploadId))
      this.#open.delete(uploadId)
      this.#quota.release(upload.size)
      await this.#parts.remove(uploadId)
    })
  }

  /** Parts that the completing request left out belong to nothing any more. */
  async #dropUnused(upload: OpenUpload, record: ObjectRecord): Promise<void> {
    const used = new Set(record.joined?.parts.map((part) => part.file))
    for (const part of upload.parts) {
      const file = partFileName(part)
      if (used.has(file)) continue
      await this.#files.discard(join(this.#parts.pathOf(upload.record.uploadId), file))
      this.#quota.release(part.size)
    }
  }

  #uploadOf(record: UploadRecord): OpenUpload {
    return new OpenUpload(record, this.#parts.pathOf(record.uploadId), this.#files)
  }

  #fileOf(uploadId: string): string {
    return join(this.#path, `${uploadId}.json`)
  }
}
