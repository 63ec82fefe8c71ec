import { createHash, type Hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Crc64Hasher } from '@carryon/hash'
import { type Receipt, readReceipt, ReceiptError } from './read-receipt.js'

/** Result of the comparison. */
export type Verdict = 'same' | 'different' | 'not-compared'

/** Exit codes that let scripts distinguish the results. */
export const verifyExitCodes = { same: 0, different: 1, 'not-compared': 2 } as const satisfies Record<
  Verdict,
  number
>

/**
 * `carryon verify`: compares a file with the receipt of a finished upload. Needs neither server nor store.
 *
 * @param receiptPath path of the receipt; `-` for standard input
 */
export async function verifyCommand(
  path: string,
  receiptPath: string,
  print: (line: string) => void,
  input?: NodeJS.ReadableStream,
): Promise<Verdict> {
  try {
    const receipt = await readReceipt(receiptPath, input)
    const { differences, compared } = await compare(path, receipt)
    for (const difference of differences) print(`different  ${difference}`)
    if (differences.length > 0) {
      print(`${path} is not the file of ${JSON.stringify(receipt.name)}.`)
      return 'different'
    }
    if (compared.length < 2) {
      print(
        `${path} has the size of ${JSON.stringify(receipt.name)}, and the receipt has nothing else to compare by.`,
      )
      return 'not-compared'
    }
    print(`same       ${path} is ${JSON.stringify(receipt.name)}: ${compared.join(', ')}`)
    return 'same'
  } catch (error) {
    if (!(error instanceof ReceiptError) && !isFileError(error)) throw error
    print(error instanceof ReceiptError ? error.message : `${path} cannot be read: ${error.message}.`)
    return 'not-compared'
  }
}

interface Comparison {
  readonly differences: readonly string[]
  /** Names of the properties that matched. */
  readonly compared: readonly string[]
}

/** Reads the file once, in chunks. A file whose size differs is not read at all. */
async function compare(path: string, receipt: Receipt): Promise<Comparison> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size !== receipt.size) {
      return { differences: [`size: ${size} bytes, and not ${receipt.size}`], compared: [] }
    }
    const digests = await Digests.begin(receipt)
    for await (const bytes of file.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 })) {
      digests.update(bytes as Buffer)
    }
    const differences: string[] = []
    const compared = ['size']
    for (const [what, wanted, found] of digests.end()) {
      if (wanted === null) continue
      if (wanted === found) compared.push(what)
      else differences.push(`${what}: ${found}, and not ${wanted}`)
    }
    return { differences, compared }
  } finally {
    await file.close()
  }
}

/** Computes the digests that the receipt contains, incrementally. */
class Digests {
  readonly #receipt: Receipt
  readonly #crc64: Crc64Hasher
  readonly #md5 = createHash('md5')
  readonly #ofParts = createHash('sha256')
  #part: Hash = createHash('md5')
  #partNumber = 1
  /** Remaining bytes of the current part. */
  #left: number

  private constructor(receipt: Receipt, crc64: Crc64Hasher) {
    this.#receipt = receipt
    this.#crc64 = crc64
    this.#left = sizeOfPart(receipt, 1)
  }

  static async begin(receipt: Receipt): Promise<Digests> {
    const crc64 = await Crc64Hasher.create(receipt.crc64Type)
    crc64.init()
    return new Digests(receipt, crc64)
  }

  update(bytes: Buffer): void {
    const { crc64, md5, etagsDigest } = this.#receipt
    if (crc64 !== null) this.#crc64.update(bytes)
    if (md5 !== null) this.#md5.update(bytes)
    if (etagsDigest !== null) this.#updateParts(bytes)
  }

  #updateParts(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left === 0) {
        this.#endPart()
        this.#partNumber += 1
        this.#left = sizeOfPart(this.#receipt, this.#partNumber)
      }
      const some = bytes.subarray(at, at + this.#left)
      this.#part.update(some)
      this.#left -= some.length
      at += some.length
    }
  }

  #endPart(): void {
    if (this.#partNumber > 1) this.#ofParts.update('\n')
    this.#ofParts.update(this.#part.digest('hex'))
    this.#part = createHash('md5')
  }

  /** For each digest: its name, the expected value (`null` if the receipt has none) and the computed value. */
  end(): readonly (readonly [string, string | null, string])[] {
    const { crc64, md5, etagsDigest } = this.#receipt
    if (etagsDigest !== null) this.#endPart()
    return [
      ['CRC-64', crc64, this.#crc64.digest()],
      ['MD5', md5, this.#md5.digest('base64')],
      ['MD5 of all parts', etagsDigest, this.#ofParts.digest('hex')],
    ]
  }
}

function sizeOfPart({ partRuns }: Receipt, partNumber: number): number {
  return partRuns.findLast(({ after }) => after < partNumber)?.partSize ?? Infinity
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}
