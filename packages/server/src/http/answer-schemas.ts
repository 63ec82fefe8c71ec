import { callErrorCodes, maxParts } from '@carryon/protocol'
import type {
  AccessGrant,
  BatchedAnswer,
  BatchedAnswers,
  Checksums,
  DuplicatesFound,
  LimitsAnswer,
  LinkAnswer,
  OpenedUpload,
  PartRun,
  PartsAnswer,
  ProblemDocument,
  RegisteredDuplicate,
  RegisteredUpload,
  AccessAnswer,
  StoredPartInfo,
  UploadAnswer,
  UploadPage,
  UploadReceipt,
  UploadResultData,
  UploadTerms,
} from '@carryon/protocol'
import { z } from 'zod'
import type { Members } from './members.js'

/**
 * Schemas of the API's answers, for the OpenAPI description and for tests, not for handling requests. They are strict:
 * unknown members are rejected.
 */

const bytes = z.int().nonnegative()
const unixSeconds = z.number().nonnegative()
const time = z.iso.datetime()
const decimal = z.string().regex(/^(0|[1-9]\d{0,19})$/u)
const crc64Type = z.enum(['crc64ecma', 'crc64nvme'])
const stringMap = z.record(z.string(), z.string())

const partRun = z.strictObject({
  after: z.int().nonnegative(),
  partSize: z.int().positive(),
} satisfies Members<PartRun>)

export const upload = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  size: bytes,
  type: z.string(),
  identity: z.string().min(1),
  key: z.string().min(1),
  uploadId: z.string().nullable(),
  mode: z.enum(['multipart', 'single']),
  partSize: z.int().positive(),
  partCount: z.int().min(1).max(maxParts),
  grows: z.boolean().exactOptional(),
  partRuns: z.array(partRun).nullable().exactOptional(),
  state: z.enum(['open', 'completing', 'done', 'cancelled', 'failed']),
  createdAt: time,
  updatedAt: time,
  expiresAt: time,
  finishedAt: time.nullable(),
  url: z.url().nullable(),
  crc64: decimal.nullable(),
  crc64Type: crc64Type.exactOptional(),
  etag: z.string().nullable(),
} satisfies Members<RegisteredUpload>)

export const storedPart = z.strictObject({
  partNumber: z.int().min(1).max(maxParts),
  size: bytes,
  etag: z.string(),
  crc64: decimal.exactOptional(),
} satisfies Members<StoredPartInfo>)

type AccessOf<Mode extends AccessGrant['mode']> = Extract<AccessGrant, { readonly mode: Mode }>
type Credentials = AccessOf<'credentials'>

export const access = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('credentials'),
    location: z.strictObject({
      dialect: z.string().min(1),
      baseUrl: z.url(),
      bucket: z.string(),
      region: z.string(),
    } satisfies Members<Credentials['location']>),
    credentials: z.strictObject({
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.string().exactOptional(),
    } satisfies Members<Credentials['credentials']>),
    startsAt: unixSeconds,
    expiresAt: unixSeconds,
  } satisfies Members<Credentials>),
  z.strictObject({
    mode: z.literal('urls'),
    urls: stringMap,
    expiresAt: unixSeconds,
  } satisfies Members<AccessOf<'urls'>>),
  z.strictObject({
    mode: z.literal('put'),
    url: z.url(),
    headers: stringMap,
    expiresAt: unixSeconds,
  } satisfies Members<AccessOf<'put'>>),
  z.strictObject({
    mode: z.literal('form'),
    url: z.url(),
    fields: stringMap,
    expiresAt: unixSeconds,
  } satisfies Members<AccessOf<'form'>>),
])

const checksums = z.strictObject({
  part: crc64Type.nullable(),
  object: crc64Type.nullable(),
  etagIsMd5: z.boolean(),
} satisfies Members<Checksums>)

export const opened = z.strictObject({
  upload,
  created: z.boolean().exactOptional(),
  parts: z.array(storedPart),
  access,
  checksums,
  serverTime: unixSeconds,
} satisfies Members<OpenedUpload>)

const duplicate = z.strictObject({
  upload,
  md5: z.string().nullable(),
  etagsDigest: z.string().nullable(),
} satisfies Members<RegisteredDuplicate>)

export const duplicatesFound = z.strictObject({
  duplicates: z.array(duplicate).min(1),
  serverTime: unixSeconds,
} satisfies Members<DuplicatesFound>)

export const renewedAccess = z.strictObject({
  access,
  serverTime: unixSeconds,
} satisfies Members<AccessAnswer>)

export const uploadAnswer = z.strictObject({
  upload,
  result: z.strictObject({ data: z.unknown() } satisfies Members<UploadResultData>).exactOptional(),
} satisfies Members<UploadAnswer>)

export const partsAnswer = z.strictObject({ parts: z.array(storedPart) } satisfies Members<PartsAnswer>)

export const uploadPage = z.strictObject({
  uploads: z.array(upload),
  next: z.string().nullable(),
  storeOrigin: z.url().exactOptional(),
} satisfies Members<UploadPage>)

const amount = z.number().nonnegative()
const amounts = {
  openFiles: amount.nullable(),
  openBytes: amount.nullable(),
  totalBytes: amount.nullable(),
} satisfies Members<LimitsAnswer['left']>

export const limitsAnswer = z.strictObject({
  limits: z.strictObject({
    maxFileBytes: amount,
    mediaTypes: z.array(z.string()).nullable(),
    extensions: z.array(z.string()).nullable(),
    ...amounts,
  } satisfies Members<LimitsAnswer['limits']>),
  used: z.strictObject({
    openFiles: amount,
    openBytes: amount,
    totalBytes: amount,
  } satisfies Members<LimitsAnswer['used']>),
  left: z.strictObject(amounts),
  terms: z
    .strictObject({
      storeHost: z.string().min(1),
      unfinishedDays: amount,
      finishedDays: amount.nullable(),
      anonymous: z.boolean(),
      shareSeconds: amount,
    } satisfies Members<UploadTerms>)
    .exactOptional(),
} satisfies Members<LimitsAnswer>)

const batchedAnswer = z.strictObject({
  status: z.int().min(200).max(599),
  body: z.unknown(),
} satisfies Members<BatchedAnswer>)

export const batchedAnswers = z.strictObject({
  opened: z.array(batchedAnswer),
  completed: z.array(batchedAnswer),
} satisfies Members<BatchedAnswers>)

export const linkAnswer = z.strictObject({ url: z.url(), expiresAt: time } satisfies Members<LinkAnswer>)

export const receipt = z.strictObject({
  carryonReceipt: z.literal(1),
  name: z.string(),
  size: bytes,
  finishedAt: time,
  mode: z.enum(['multipart', 'single']),
  crc64: decimal.nullable(),
  crc64Type,
  md5: z.string().nullable(),
  etagsDigest: z.string().nullable(),
  etag: z.string().nullable(),
  parts: z.int().min(1).max(maxParts),
  partRuns: z.array(partRun).min(1),
  comparedBy: z.array(z.enum(['object-crc64', 'object-md5', 'part-etags', 'size'])).min(1),
  resumedFrom: bytes.nullable(),
  sentAgain: bytes,
} satisfies Members<UploadReceipt>)

export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().min(1),
  code: z.enum([...callErrorCodes, 'link-expired']),
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })).exactOptional(),
  upload: upload.exactOptional(),
  received: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  partNumbers: z.array(z.int().positive()).exactOptional(),
  retryAfter: z.number().nonnegative().exactOptional(),
  maxBytes: bytes.exactOptional(),
  storeCode: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
} satisfies Members<ProblemDocument>)

/** As Tencent's SDKs expect it (436/11459, `getAuthorization`). */
export const stsAnswer = z.strictObject({
  credentials: z.strictObject({
    tmpSecretId: z.string(),
    tmpSecretKey: z.string(),
    sessionToken: z.string().exactOptional(),
  }),
  startTime: unixSeconds,
  expiredTime: unixSeconds,
  bucket: z.string(),
  region: z.string(),
  prefix: z.string(),
})

export const health = z.strictObject({
  status: z.enum(['ok', 'unavailable']),
  failing: z.array(z.enum(['database', 'store'])).exactOptional(),
})
