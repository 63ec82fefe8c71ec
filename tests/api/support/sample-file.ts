import { createHash } from 'node:crypto'
import type { OpenedUpload, RegisteredUpload } from '@carryon/client'
import { createCosStore } from '@carryon/object-store'
import { crc64, md5Base64, MiB, sampleBytes } from '../../official-sdk/support/sample.js'
import type { ApiUnderTest } from './api-under-test.js'

/** A file of three parts (the last one shorter), with the requests a browser would make for it. */
export class SampleFile {
  readonly name: string
  readonly content: Buffer
  readonly identity: string

  constructor(seed = 'sample', options: { readonly name?: string; readonly size?: number } = {}) {
    this.name = options.name ?? 'holiday.mp4'
    this.content = sampleBytes(options.size ?? 2 * MiB + 77, seed)
    this.identity = `1:${this.content.length}:${createHash('sha256').update(seed).digest('hex')}`
  }

  /** Body of the open request, with 1 MiB parts. */
  get request() {
    const { identity, name } = this
    return { identity, name, size: this.content.length, type: 'video/mp4', partSize: MiB }
  }

  /** Body of the open request for a single PUT. */
  get singleRequest() {
    return { ...this.request, md5: md5Base64(this.content) }
  }

  async completeRequest() {
    const etags = this.parts.map((part) => createHash('md5').update(part).digest('hex'))
    return { ...(await this.singleCompleteRequest()), etags }
  }

  async singleCompleteRequest() {
    return { size: this.content.length, crc64: await crc64(this.content) }
  }

  get parts(): Buffer[] {
    const count = Math.max(1, Math.ceil(this.content.length / MiB))
    return Array.from({ length: count }, (_, index) => this.content.subarray(index * MiB, (index + 1) * MiB))
  }

  /** Sends parts using only what the server gave the browser. */
  async send({ upload, access }: OpenedUpload, partNumbers?: readonly number[]): Promise<void> {
    const numbers = partNumbers ?? this.parts.map((_, index) => index + 1)
    for (const partNumber of numbers) {
      const body = new Uint8Array(this.parts[partNumber - 1] ?? [])
      if (access.mode === 'credentials') {
        const { location, credentials } = access
        const part = { key: upload.key, uploadId: upload.uploadId ?? '', partNumber }
        await createCosStore({ location, credentials }).uploadPart(part, body)
      } else if (access.mode === 'urls') {
        const answer = await fetch(access.urls[partNumber] ?? '', { method: 'PUT', body })
        if (!answer.ok) throw new Error(`part ${partNumber}: ${answer.status} ${await answer.text()}`)
      } else {
        throw new Error('a single PUT has no parts')
      }
    }
  }

  /** Sends a small file by its single PUT. */
  async put({ access }: OpenedUpload, body: Uint8Array = this.content, headers = {}): Promise<Response> {
    if (access.mode !== 'put') throw new Error('not a single PUT')
    return fetch(access.url, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { ...access.headers, ...headers },
    })
  }

  /** Sends a small file by its form. */
  async form(
    { access }: OpenedUpload,
    body: Uint8Array = this.content,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    if (access.mode !== 'form') throw new Error('not a form')
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...access.fields, ...fields })) form.append(name, value)
    form.append('file', new Blob([new Uint8Array(body)]), 'file')
    return fetch(access.url, { method: 'POST', body: form })
  }

  /** Whether the store holds exactly this content under the upload's key. */
  async isStored({ store }: ApiUnderTest, { key }: RegisteredUpload): Promise<boolean> {
    const object = await store.getObject(key)
    return this.content.equals(Buffer.from(await object.arrayBuffer()))
  }
}
