import { rangeOf } from '@carryon/protocol'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { base64OfHex, wholeOf } from '../content/fingerprint.js'
import { aboutFile, fileChanged } from '../core/upload-errors.js'
import type { DigestName, Digests, PutAnswer } from '../ports.js'
import { UploadError } from '../upload-types.js'
import type { RunContext } from './run-context.js'
import { checkPart, digestsFor } from './uploaded-part.js'
import type { UploadedPart } from './uploaded-part.js'

/** Reads and hashes the parts of one upload, and verifies that the store holds the same bytes. */
export class PartContent {
  readonly #run: RunContext
  readonly #digests: Set<DigestName>
  /** Digests of a single upload: it was hashed before it was opened, and the store accepts no other bytes. */
  readonly #known: Digests | null

  constructor(run: RunContext) {
    this.#run = run
    const { checksums, fingerprint, upload } = run
    const crc64Type = crc64TypeOf(upload)
    const isKnown = upload.mode === 'single' && fingerprint.crc64Type === crc64Type
    this.#known = isKnown ? fingerprint.digests : null
    this.#digests = new Set(this.#known === null ? digestsFor(checksums, crc64Type) : [])
  }

  slice(partNumber: number): Blob {
    const { file, plan } = this.#run
    if (plan.partCount === 1) return wholeOf(file)
    const { start, end } = rangeOf(plan, partNumber)
    return file.slice(start, end)
  }

  /** The digests to compute while the part is sent; none if its CRC-64 is known from its local copy. */
  digestsBeside(partNumber: number): readonly DigestName[] {
    return this.#copiedCrc64(partNumber) === null ? [...this.#digests] : []
  }

  /**
   * Compares the store's answer with what was hashed.
   *
   * @returns `null` when the store holds other bytes
   */
  async verify(partNumber: number, answer: PutAnswer, signal: AbortSignal): Promise<UploadedPart | null> {
    const { checksums, file, verifiedBy } = this.#run
    const digests = this.#known ?? (await this.#digestsOf(partNumber, answer, signal))
    let check = checkPart(answer, digests, checksums)
    if (check.outcome === 'needs-md5') {
      // The bucket's CORS rule hides the store's CRC-64: compute the MD5 as well from now on.
      this.#digests.add('md5')
      const { md5 } = await this.#hash(partNumber, ['md5'], signal)
      check = checkPart(answer, { ...digests, md5: md5 ?? '' }, checksums)
    }
    switch (check.outcome) {
      case 'equal':
        verifiedBy.add(check.by)
        return check.part
      case 'misconfigured':
        throw new UploadError('store-misconfigured', `${aboutFile(file)}: ${check.message}`)
      case 'different':
      case 'needs-md5':
        return null
    }
  }

  /** CRC-64 and MD5 of a single upload. */
  async ofSingle(partNumber: number, signal: AbortSignal): Promise<Digests> {
    return this.#known ?? this.#hash(partNumber, [crc64TypeOf(this.#run.upload), 'md5'], signal)
  }

  /**
   * Checks whether a single upload was refused because the file has changed since its MD5 was signed.
   *
   * @throws UploadError `file-changed` when it has
   */
  async blameFile(partNumber: number, signal: AbortSignal): Promise<void> {
    const { file, fingerprint, upload } = this.#run
    if (upload.mode !== 'single' || fingerprint.md5 === null) return
    const { md5 } = await this.#hash(partNumber, ['md5'], signal)
    if (base64OfHex(md5) !== fingerprint.md5) throw fileChanged(aboutFile(file))
  }

  /**
   * Digests of a sent part. If they were not computed while it was sent: the copied ones if the store's answer matches
   * them, else those of the part as it is read now.
   */
  async #digestsOf(partNumber: number, answer: PutAnswer, signal: AbortSignal): Promise<Digests> {
    const wanted = [...this.#digests]
    if (wanted.length === 0 || answer.digests.crc64 !== undefined) return answer.digests
    const crc64 = this.#copiedCrc64(partNumber)
    if (crc64 !== null) {
      const copied = { ...answer.digests, crc64 }
      const { outcome } = checkPart(answer, copied, this.#run.checksums)
      if (outcome === 'equal') return copied
    }
    return this.#hash(partNumber, wanted, signal)
  }

  #hash(partNumber: number, names: readonly DigestName[], signal: AbortSignal): Promise<Digests> {
    return this.#run.context.hasher.hash([this.slice(partNumber)], names, signal)
  }

  /**
   * CRC-64 of a part from when it was copied. If the store answers the same kind, the part need not be hashed while it
   * is sent. `null` if it has to be hashed.
   */
  #copiedCrc64(partNumber: number): string | null {
    const { checksums, context, file, plan, upload } = this.#run
    const crc64Type = crc64TypeOf(upload)
    if (this.#known !== null || this.#digests.has('md5') || checksums.part !== crc64Type) return null
    const range = rangeOf(plan, partNumber)
    return (
      file.known?.crc64Of(range.start, range.end, crc64Type) ??
      context.copies?.crc64Of(upload.identity, range, crc64Type) ??
      null
    )
  }
}
