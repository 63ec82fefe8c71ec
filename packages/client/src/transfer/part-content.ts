import { rangeOf } from '@carryon/protocol'
import { base64OfHex } from '../content/identity.js'
import { wholeOf } from '../content/whole-file.js'
import { copiedCrc64 } from './copied-crc64.js'
import { checkReceipt, digestsFor } from './receipt.js'
import type { Receipt } from './receipt.js'
import type { DigestName, Digests, PutAnswer } from '../seams.js'
import { aboutFile } from '../upload/session.js'
import type { Session } from '../upload/session.js'
import { crc64TypeOf } from '../backend/upload-backend.js'
import { fileChanged } from '../upload/upload-errors.js'
import { UploadError } from '../upload-types.js'

/** The bytes of one upload's parts, and whether the store holds just those. */
export class PartContent {
  readonly #session: Session
  readonly #digests: Set<DigestName>
  /** Of a single PUT: it was hashed before it was opened, and the store takes no other bytes than those. */
  readonly #known: Digests | null

  constructor(session: Session) {
    this.#session = session
    const { checksums, fingerprint, upload } = session
    const crc64Type = crc64TypeOf(upload)
    const isKnown = upload.mode === 'single' && fingerprint.crc64Type === crc64Type
    this.#known = isKnown ? fingerprint.digests : null
    this.#digests = new Set(this.#known === null ? digestsFor(checksums, crc64Type) : [])
  }

  slice(partNumber: number): Blob {
    const { file, plan } = this.#session
    if (plan.partCount === 1) return wholeOf(file)
    const { start, end } = rangeOf(plan, partNumber)
    return file.slice(start, end)
  }

  /** What is to be computed while the part is sent; nothing of one whose CRC-64 is known from its copy. */
  digestsBeside(partNumber: number): readonly DigestName[] {
    return this.#copiedCrc64(partNumber) === null ? [...this.#digests] : []
  }

  /**
   * Holds the store's answer against what was hashed.
   *
   * @returns `null` when the store holds other bytes
   */
  async verify(partNumber: number, answer: PutAnswer, signal: AbortSignal): Promise<Receipt | null> {
    const { checksums, engine, file, verifiedBy } = this.#session
    const digests = this.#known ?? (await this.#digestsOf(partNumber, answer, signal))
    let check = checkReceipt(answer, digests, checksums)
    if (check.outcome === 'needs-md5') {
      // The store's CRC-64 is hidden by its CORS rule: from now on the MD5 comes along.
      this.#digests.add('md5')
      const { md5 } = await engine.hasher.hash([this.slice(partNumber)], ['md5'], signal)
      check = checkReceipt(answer, { ...digests, md5: md5 ?? '' }, checksums)
    }
    switch (check.outcome) {
      case 'equal':
        verifiedBy.add(check.by)
        return check.receipt
      case 'misconfigured':
        throw new UploadError('store-misconfigured', `${aboutFile(file)}: ${check.message}`)
      case 'different':
      case 'needs-md5':
        return null
    }
  }

  /** CRC-64 and MD5 of what goes as one PUT. */
  async ofSingle(partNumber: number, signal: AbortSignal): Promise<Digests> {
    const { engine, upload } = this.#session
    const names = [crc64TypeOf(upload), 'md5'] as const
    return this.#known ?? engine.hasher.hash([this.slice(partNumber)], names, signal)
  }

  /**
   * The store got other bytes than were promised: has the file changed since its MD5 was signed?
   *
   * @throws UploadError `file-changed` when it has
   */
  async blameFile(partNumber: number, signal: AbortSignal): Promise<void> {
    const { engine, file, fingerprint, upload } = this.#session
    if (upload.mode !== 'single' || fingerprint.md5 === null) return
    const { md5 } = await engine.hasher.hash([this.slice(partNumber)], ['md5'], signal)
    if (base64OfHex(md5) !== fingerprint.md5) throw fileChanged(aboutFile(file))
  }

  /** Of a part that was not read beside being sent: what was copied, if the store has just that, else what is read now. */
  async #digestsOf(partNumber: number, answer: PutAnswer, signal: AbortSignal): Promise<Digests> {
    const wanted = [...this.#digests]
    if (wanted.length === 0 || answer.digests.crc64 !== undefined) return answer.digests
    const crc64 = this.#copiedCrc64(partNumber)
    if (crc64 !== null) {
      const copied = { ...answer.digests, crc64 }
      const { outcome } = checkReceipt(answer, copied, this.#session.checksums)
      if (outcome === 'equal') return copied
    }
    return this.#session.engine.hasher.hash([this.slice(partNumber)], wanted, signal)
  }

  /** `null`: it was not copied, or more than its CRC-64 is wanted. */
  #copiedCrc64(partNumber: number): string | null {
    return this.#known !== null || this.#digests.has('md5') ? null : copiedCrc64(this.#session, partNumber)
  }
}
