import type { Upload } from '@carryon/client'
import { PickedUpload } from './picked-upload.js'
import { UploadRow } from './upload-row.js'

/** Callbacks of a {@link RowSet}. */
export interface RowSetEvents {
  /** The row shows this upload from now on. */
  readonly came: (row: UploadRow) => void
  /** The row no longer shows this upload. */
  readonly went: (upload: Upload) => void
}

/** The rows of a list, in the order of picking. A row stays where it is when its upload begins. */
export class RowSet {
  readonly #rows = new Set<UploadRow>()
  readonly #byUpload = new Map<Upload, UploadRow>()
  readonly #events: RowSetEvents
  /** Rows whose upload has not begun. */
  #waiting = 0
  #nextKey = 1

  constructor(events: RowSetEvents) {
    this.#events = events
  }

  get size(): number {
    return this.#rows.size
  }

  [Symbol.iterator](): IterableIterator<UploadRow> {
    return this.#rows.values()
  }

  get(upload: Upload): UploadRow | undefined {
    return this.#byUpload.get(upload)
  }

  /** Adds files whose uploads begin a moment later. @returns their rows, in the same order */
  expect(files: readonly Upload['file'][], now: number): readonly UploadRow[] {
    return files.map((file) => this.#add(new PickedUpload(file), now))
  }

  /** The upload of a row has begun. */
  begin(row: UploadRow, upload: Upload): void {
    this.#forget(row)
    row.begin(upload)
    this.#list(row)
  }

  /** Follows the uploader's list. @returns whether anything was added or removed. */
  follow(uploads: readonly Upload[], now: number): boolean {
    const before = this.#byUpload.size
    for (const upload of uploads) if (!this.#byUpload.has(upload)) this.#add(upload, now)
    const came = this.#byUpload.size > before
    const went = this.#byUpload.size - this.#waiting > uploads.length
    if (went) {
      const present = new Set(uploads)
      for (const row of this.#rows) if (row.hasBegun && !present.has(row.upload)) this.remove(row)
    }
    return came || went
  }

  remove(row: UploadRow): void {
    this.#forget(row)
    this.#rows.delete(row)
  }

  #add(upload: Upload, now: number): UploadRow {
    const row = new UploadRow(upload, this.#nextKey++, now)
    this.#rows.add(row)
    this.#list(row)
    return row
  }

  #list(row: UploadRow): void {
    if (!row.hasBegun) this.#waiting += 1
    this.#byUpload.set(row.upload, row)
    this.#events.came(row)
  }

  #forget(row: UploadRow): void {
    if (!this.#byUpload.delete(row.upload)) return
    if (!row.hasBegun) this.#waiting -= 1
    this.#events.went(row.upload)
  }
}
