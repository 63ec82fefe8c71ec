export {
  firstGroup,
  groupSize,
  isCutAlike,
  isGroupStart,
  largestPartSize,
  lastOfGroup,
  leastPartSize,
  maxParts,
  partAt,
  partSizes,
  planOpenParts,
  planParts,
  rangeOf,
  sizeOf,
} from './part-plan.js'
export type { PartPlan, PartRun } from './part-plan.js'
export { storedSizes } from './stored-sizes.js'
export type { SizedPart, StoredSizes } from './stored-sizes.js'
