import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** Bytes. A receipt with ten thousand parts, each of another size, is smaller. */
const largestReceipt = 2 ** 20

/** The members of a receipt (docs/api.md) that are needed to compare a file. */
const schema = z.object({
  carryonReceipt: z.literal(1, { error: 'is not of a version that this program knows' }),
  name: z.string(),
  size: z.int().nonnegative(),
  crc64: z
    .string()
    .regex(/^(0|[1-9]\d{0,19})$/u, 'must be an unsigned decimal')
    .nullable(),
  crc64Type: z.enum(['crc64ecma', 'crc64nvme']),
  md5: z
    .string()
    .regex(/^[\w+/]{22}==$/u, 'must be a Base64 MD5')
    .nullable(),
  etagsDigest: z
    .string()
    .regex(/^[\da-f]{64}$/u, 'must be a hex SHA-256')
    .nullable(),
  partRuns: z
    .array(z.object({ after: z.int().nonnegative(), partSize: z.int().positive() }))
    .min(1)
    .refine(
      (runs) =>
        runs.every(({ after }, index) => (index === 0 ? after === 0 : after > (runs[index - 1]?.after ?? 0))),
      'must begin at 0 and go up',
    ),
})

/** The receipt that a file is compared with. */
export type Receipt = z.output<typeof schema>

/** The input is not a receipt; the message says why. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError'
}

/**
 * Reads a receipt.
 *
 * @param path file to read; `-` for standard input
 * @throws ReceiptError when it holds no receipt
 */
export async function readReceipt(
  path: string,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<Receipt> {
  let json: string
  try {
    json = path === '-' ? await text(input) : await readFile(path, 'utf8')
  } catch (error) {
    throw new ReceiptError(`The receipt ${path} cannot be read: ${messageOf(error)}.`)
  }
  if (json.length > largestReceipt) throw new ReceiptError(`${path} is not a receipt: it is too long.`)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new ReceiptError(
      `${path} is not a receipt: it is not JSON. Copy it again with "Copy receipt" on the page.`,
    )
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const what = issue === undefined ? 'it is of another form' : `${issue.path.join('.')} ${issue.message}`
  throw new ReceiptError(`${path} is not a receipt of Carryon's: ${what}.`)
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
