import type { UploadReceipt } from '@carryon/protocol'
import { formatBytes } from '../format/bytes.js'
import type { Messages } from '../language/messages.js'

/** One entry of a receipt, in words. */
export interface ReceiptLine {
  /** Which value of the receipt it is. */
  readonly name: keyof Messages['receipt']
  /** Name of the value, for people. */
  readonly label: string
  /** In words, with its unit. */
  readonly value: string
}

/** The entries of a receipt in words, most useful first. */
export function receiptLines(
  { size, crc64, parts, comparedBy, resumedFrom, sentAgain }: UploadReceipt,
  messages: Messages,
): readonly ReceiptLine[] {
  const values = {
    size: messages.exactBytes(size),
    crc64: crc64 ?? messages.noChecksum,
    parts: String(parts),
    comparedBy: comparedBy.map((by) => messages.comparedBy[by]).join(messages.listSeparator),
    resumedFrom: resumedFrom === null ? messages.notResumed : formatBytes(resumedFrom, messages.locale),
    sentAgain: sentAgain === 0 ? messages.nothingSentAgain : formatBytes(sentAgain, messages.locale),
  } as const satisfies Record<keyof Messages['receipt'], string>
  return (Object.keys(values) as (keyof typeof values)[]).map((name) => ({
    name,
    label: messages.receipt[name],
    value: values[name],
  }))
}
