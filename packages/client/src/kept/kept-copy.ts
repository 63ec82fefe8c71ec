import type { PartPlan } from '@carryon/protocol'

/** What this page knows of the copy of one file. */
export interface KeptCopy {
  readonly identity: string
  /** The server's id of the upload. */
  readonly id: string
  readonly plan: PartPlan
  /** Part numbers of which there is a piece. */
  readonly present: Set<number>
  /** CRC-64 of every part that was copied, also after its piece was freed; of all parts once the copy is whole. */
  readonly crcs: Map<number, string>
  whole: boolean
  copying: boolean
  /** Ends the copying. */
  readonly stop: AbortController
}

type CopyBase = Pick<KeptCopy, 'identity' | 'id' | 'plan'>

export function newCopy(base: CopyBase): KeptCopy {
  return {
    ...base,
    present: new Set(),
    crcs: new Map(),
    whole: false,
    copying: false,
    stop: new AbortController(),
  }
}

/** A copy that an earlier page has made. @param crcs of every part in order */
export function wholeCopy(base: CopyBase, present: ReadonlySet<number>, crcs: readonly string[]): KeptCopy {
  return {
    ...newCopy(base),
    present: new Set(present),
    crcs: new Map(crcs.map((crc64, index) => [index + 1, crc64])),
    whole: true,
  }
}

/** CRC-64 of every part in order, from the copy and else from what was acknowledged; `null` when one is not known. */
export function crcsOf(
  copy: KeptCopy,
  receipts: ReadonlyMap<number, { readonly crc64: string }>,
  partCount: number,
): readonly string[] | null {
  const crcs = Array.from(
    { length: partCount },
    (_, index) => copy.crcs.get(index + 1) ?? receipts.get(index + 1)?.crc64 ?? '',
  )
  return crcs.includes('') ? null : crcs
}
