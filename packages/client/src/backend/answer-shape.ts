/**
 * Whether an answer is what docs/api.md promises, as far as the client builds on it. What stands between page and server
 * may answer in its place, even with 200 and JSON; and a number that is none ends in a loop or a timer without end.
 */
export type Guard = (value: unknown) => boolean

type Shape = Readonly<Record<string, Guard>>

const text: Guard = (value) => typeof value === 'string' && value !== ''
const count: Guard = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0
const positive: Guard = (value) => count(value) && value !== 0
const orNull =
  (guard: Guard): Guard =>
  (value) =>
    value === null || guard(value)
const optional =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || value === null || guard(value)
const listOf =
  (guard: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(guard)
const oneOf =
  (...values: readonly unknown[]): Guard =>
  (value) =>
    values.includes(value)
const record =
  (shape: Shape): Guard =>
  (value) =>
    isRecord(value) && Object.entries(shape).every(([name, guard]) => guard(value[name]))

const crc64Type = oneOf('crc64ecma', 'crc64nvme')

const upload = record({
  id: text,
  identity: text,
  key: text,
  uploadId: orNull(text),
  mode: oneOf('multipart', 'single'),
  size: count,
  partSize: count,
  partCount: count,
  grows: optional(oneOf(true, false)),
  partRuns: optional(listOf(record({ after: count, partSize: positive }))),
  state: oneOf('open', 'completing', 'done', 'cancelled', 'failed'),
  url: orNull(text),
  crc64: orNull(text),
  crc64Type: optional(crc64Type),
})

const parts = listOf(record({ partNumber: positive, size: count, etag: text, crc64: optional(text) }))

const texts: Guard = (value) =>
  isRecord(value) && Object.values(value).every((each) => typeof each === 'string')

const accesses: Readonly<Record<string, Guard>> = {
  credentials: record({
    location: record({ baseUrl: text, bucket: text, region: text }),
    credentials: record({ accessKeyId: text, secretAccessKey: text }),
    startsAt: count,
  }),
  urls: record({ urls: texts }),
  put: record({ url: text, headers: texts }),
  form: record({ url: text, fields: texts }),
}
const access: Guard = (value) =>
  isRecord(value) && count(value['expiresAt']) && (accesses[String(value['mode'])] ?? (() => false))(value)

export const isRenewedAccess = record({ access, serverTime: count })

export const isOpened: Guard = (value) =>
  record({
    upload,
    parts,
    checksums: record({ part: orNull(crc64Type), object: orNull(crc64Type) }),
  })(value) && isRenewedAccess(value)

const isFound = record({ duplicates: listOf(record({ upload })), serverTime: count })

export const isOpenedOrFound: Guard = (value) => isOpened(value) || isFound(value)
export const isUpload = record({ upload })
export const isParts = record({ parts })
export const isPage = record({
  uploads: listOf(upload),
  next: orNull(text),
  storeOrigin: optional(text),
})
export const isLimits = record({
  limits: record({ maxFileBytes: count, mediaTypes: orNull(listOf(text)), extensions: orNull(listOf(text)) }),
  left: record({ totalBytes: orNull(count) }),
})
export const isBatch = record({
  opened: listOf(record({ status: positive })),
  completed: listOf(record({ status: positive })),
})

/** Only an empty answer was written by the server. */
export const isNothing: Guard = () => false

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
