import type {
  AccessAnswer,
  AccessGrant,
  BatchedAnswer,
  BatchedAnswers,
  Checksums,
  Crc64Type,
  DuplicatesFound,
  LimitsAnswer,
  OpenedUpload,
  PartRun,
  PartsAnswer,
  RegisteredDuplicate,
  RegisteredUpload,
  StoredPartInfo,
  UploadAnswer,
  UploadPage,
} from '@carryon/protocol'

/**
 * Checks whether an answer has the shape that docs/api.md promises, as far as the client relies on it. A proxy may
 * answer instead of the server, even with status 200 and JSON, and an invalid number could cause an endless loop or
 * timer.
 */
export type Guard<T = unknown> = (value: unknown) => value is T

export const text: Guard<string> = (value): value is string => typeof value === 'string' && value !== ''
export const count: Guard<number> = (value): value is number => Number.isFinite(value) && Number(value) >= 0
const positive: Guard<number> = (value): value is number => count(value) && value !== 0
export const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value) =>
    value === null || guard(value)
export const optional =
  <T>(guard: Guard<T>): Guard<T | null | undefined> =>
  (value) =>
    value === undefined || value === null || guard(value)
export const listOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value) =>
    Array.isArray(value) && value.every(guard)
export const oneOf =
  <T>(...values: readonly T[]): Guard<T> =>
  (value): value is T =>
    values.some((each) => each === value)
/** @param shape guards of the members that the client relies on */
export const record =
  <T extends object>(shape: { readonly [Name in keyof T]?: Guard }): Guard<T> =>
  (value): value is T =>
    isRecord(value) &&
    Object.entries(shape as Readonly<Record<string, Guard>>).every(([name, guard]) => guard(value[name]))

export const isCrc64Type = oneOf<Crc64Type>('crc64ecma', 'crc64nvme')

const upload = record<RegisteredUpload>({
  id: text,
  identity: text,
  key: text,
  uploadId: orNull(text),
  mode: oneOf('multipart', 'single'),
  size: count,
  partSize: count,
  partCount: count,
  grows: optional(oneOf(true, false)),
  partRuns: optional(listOf(record<PartRun>({ after: count, partSize: positive }))),
  state: oneOf('open', 'completing', 'done', 'cancelled', 'failed'),
  url: orNull(text),
  crc64: orNull(text),
  crc64Type: optional(isCrc64Type),
})

const parts = listOf(
  record<StoredPartInfo>({ partNumber: positive, size: count, etag: text, crc64: optional(text) }),
)

const texts: Guard = (value): value is unknown =>
  isRecord(value) && Object.values(value).every((each) => typeof each === 'string')

const accesses: { readonly [Mode in AccessGrant['mode']]: Guard } = {
  credentials: record({
    location: record({ baseUrl: text, bucket: text, region: text }),
    credentials: record({ accessKeyId: text, secretAccessKey: text }),
    startsAt: count,
  }),
  urls: record({ urls: texts }),
  put: record({ url: text, headers: texts }),
  form: record({ url: text, fields: texts }),
}
const access: Guard = (value): value is unknown =>
  record<AccessGrant>({ expiresAt: count, mode: oneOf(...Object.keys(accesses)) })(value) &&
  accesses[value.mode](value)

const renewed = { access, serverTime: count }
export const isRenewedAccess = record<AccessAnswer>(renewed)
export const isOpened = record<OpenedUpload>({
  upload,
  parts,
  checksums: record<Checksums>({ part: orNull(isCrc64Type), object: orNull(isCrc64Type) }),
  ...renewed,
})
const isFound = record<DuplicatesFound>({
  duplicates: listOf(record<RegisteredDuplicate>({ upload })),
  serverTime: count,
})
export const isOpenedOrFound: Guard<OpenedUpload | DuplicatesFound> = (value) =>
  isOpened(value) || isFound(value)
export const isUpload = record<UploadAnswer>({ upload })
export const isParts = record<PartsAnswer>({ parts })
export const isPage = record<UploadPage>({
  uploads: listOf(upload),
  next: orNull(text),
  storeOrigin: optional(text),
})
export const isLimits = record<LimitsAnswer>({
  limits: record({ maxFileBytes: count, mediaTypes: orNull(listOf(text)), extensions: orNull(listOf(text)) }),
  left: record({ totalBytes: orNull(count) }),
})
const items = listOf(record<BatchedAnswer>({ status: positive }))
export const isBatch = record<BatchedAnswers>({ opened: items, completed: items })

/** Expects an empty answer; the server writes no other. */
export const isNothing: Guard<undefined> = (value): value is undefined => value === undefined

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
