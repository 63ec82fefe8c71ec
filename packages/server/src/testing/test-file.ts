import { createHash } from 'node:crypto'
import type { UploadView } from '../uploads/upload-view.js'
import { crc64Of, type MemoryStore } from '@carryon/testing'

const MiB = 2 ** 20

/** A small file as a client sees it, with two parts, the second shorter. */
export class TestFile {
  readonly content: Buffer
  readonly name = 'holiday.mp4'

  constructor(fill = 7, size = MiB + 5) {
    this.content = Buffer.alloc(size, fill)
  }

  get size(): number {
    return this.content.length
  }

  get md5(): string {
    return createHash('md5').update(this.content).digest('base64')
  }

  /** The fingerprint: equal for equal content. */
  get identity(): string {
    return `1:${this.size}:${this.content[0] ?? 0}`
  }

  /** The body of an open. */
  get request() {
    const { identity, name, size } = this
    return { identity, name, size, type: 'video/mp4', partSize: MiB }
  }

  /** The body of a complete. */
  get completeRequest() {
    const etags = this.parts.map((part) => createHash('md5').update(part).digest('hex'))
    return { size: this.size, crc64: crc64Of(this.content), etags }
  }

  get parts(): Buffer[] {
    const count = Math.max(1, Math.ceil(this.size / MiB))
    return Array.from({ length: count }, (_, index) => this.content.subarray(index * MiB, (index + 1) * MiB))
  }

  /** Sends the parts to the store, as a browser does. */
  async send(store: MemoryStore, upload: UploadView, partNumbers = [1, 2]): Promise<void> {
    for (const partNumber of partNumbers) {
      const body = this.parts[partNumber - 1]
      if (body === undefined) throw new Error(`there is no part ${partNumber}`)
      await store.uploadPart({ key: upload.key, uploadId: upload.uploadId ?? '', partNumber }, body)
    }
  }
}
