import { firstGroup, planOpenParts, planParts } from '@carryon/protocol'
import { BackendError } from '../core/backend-error.js'
import type { OpenRequest, RegisteredUpload } from '@carryon/protocol'
import type { SimServerOptions } from './sim-backend.js'
import type { SimClock } from './sim-clock.js'
import { newRow, ownIdentity } from './sim-records.js'
import type { Row } from './sim-records.js'
import type { SimStore } from './sim-store.js'

/** Finds the upload for an open, or creates one. */
export class SimRows {
  readonly all = new Map<string, Row>()
  readonly #store: SimStore
  readonly #clock: SimClock
  readonly #options: SimServerOptions
  #lastId = 0

  constructor(store: SimStore, clock: SimClock, options: SimServerOptions) {
    this.#store = store
    this.#clock = clock
    this.#options = options
  }

  row(id: string): Row {
    const row = this.all.get(id)
    if (row === undefined) throw new BackendError('not-found', 'no such upload', { status: 404 })
    return row
  }

  /** The file's own upload before the one of its content; a "single" has the name by which it was picked last. */
  found(request: OpenRequest): Row | undefined {
    const { identity, name, type = '', size, continues } = request
    const open = [...this.all.values()].filter(({ upload }) => this.#isOpen(upload))
    const fitting = open.filter(({ upload, md5 }) => upload.mode === 'multipart' || md5 === request.md5)
    const of = (wanted: string): Row | undefined => fitting.find(({ upload }) => upload.identity === wanted)
    const row = of(ownIdentity(request)) ?? (request.separate === true ? undefined : of(identity))
    if (row?.upload.mode === 'single') row.upload = { ...row.upload, name, type }
    const earlier = row === undefined ? open.find(({ upload }) => upload.id === continues) : undefined
    if (earlier === undefined) return row
    const { grows = false, partSize } = earlier.upload
    const { partCount } = grows
      ? planOpenParts(size, [{ after: 0, partSize }], firstGroup)
      : planParts(size, partSize)
    const held = this.#store.uploads.get(earlier.upload.uploadId ?? '')
    if ([...(held?.parts.keys() ?? [])].some((partNumber) => partNumber > partCount)) return undefined
    earlier.upload = { ...earlier.upload, identity, name, type, size, partCount }
    return earlier
  }

  /** An upload that the store has lost is not open. */
  #isOpen({ id, state, uploadId }: RegisteredUpload): boolean {
    const row = this.all.get(id)
    const lost = state === 'open' && uploadId !== null && !this.#store.uploads.has(uploadId)
    if (lost && row !== undefined) row.upload = { ...row.upload, state: 'failed' }
    return !lost && (state === 'open' || state === 'completing')
  }

  create(request: OpenRequest): Row {
    const { largestSingle, partSize, grows = false } = this.#options
    const id = `id-${++this.#lastId}`
    const key = `key-${id}`
    const single = request.md5 !== undefined && request.size <= largestSingle
    const uploadId = single ? null : this.#store.create(key)
    const { crc64Type } = this.#store
    const made = { id, key, uploadId, partSize, crc64Type }
    const isTaken = [...this.all.values()].some(
      ({ upload }) => upload.identity === request.identity && this.#isOpen(upload),
    )
    const identity = isTaken || request.separate === true ? ownIdentity(request) : request.identity
    const row = newRow({ ...request, identity }, made, grows, this.#clock.trueTime())
    this.all.set(id, row)
    return row
  }
}
