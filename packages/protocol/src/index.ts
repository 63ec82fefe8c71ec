export type { AccessGrant, AccessAnswer } from './access.js'
export type {
  AccessBody,
  BatchBody,
  BatchedAnswer,
  BatchedAnswers,
  BatchedComplete,
  BatchedOpen,
  Checksums,
  CompleteRequest,
  DuplicatesFound,
  LinkAnswer,
  LimitsAnswer,
  LinkBody,
  ListQuery,
  OpenBody,
  OpenedUpload,
  OpenRequest,
  PartsAnswer,
  RegisteredDuplicate,
  RenameBody,
  UploadAnswer,
  UploadPage,
  UploadResultData,
  UploadTerms,
} from './calls.js'
export { refusalOf } from './file-limits.js'
export type { FileLimits, FileRefusal } from './file-limits.js'
export { ownerHeader } from './headers.js'
export {
  callsPerBatch,
  largestSinglePut,
  longestLink,
  longestMetadata,
  mostPerPage,
  partsPerRequest,
} from './limits.js'
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
export { previewKind } from './preview-kind.js'
export type { PreviewKind } from './preview-kind.js'
export type { ReceiptComparison, UploadReceipt } from './receipt.js'
export { storedSizes } from './stored-sizes.js'
export type { SizedPart, StoredSizes } from './stored-sizes.js'
export { callErrorCodes } from './problem.js'
export type { CallErrorCode, ErrorCode, ProblemDocument } from './problem.js'
export type { Crc64Type, RegisteredUpload, StoredPartInfo, UploadMode, RegisteredState } from './upload.js'
