import type { PartPlan } from '@carryon/protocol'
import type { UploadedPart } from '../../transfer/uploaded-part.js'

/** All parts, each of which is uploaded. */
export function partsInOrder(
  { partCount }: PartPlan,
  uploaded: ReadonlyMap<number, UploadedPart>,
): readonly UploadedPart[] {
  return Array.from({ length: partCount }, (_, index) => uploadedPartOf(uploaded, index + 1))
}

/** Of a part that is uploaded. */
export function uploadedPartOf(
  uploaded: ReadonlyMap<number, UploadedPart>,
  partNumber: number,
): UploadedPart {
  const uploadedPart = uploaded.get(partNumber)
  if (uploadedPart === undefined) throw new TypeError(`Part ${partNumber} was never acknowledged.`)
  return uploadedPart
}
