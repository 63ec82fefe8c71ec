import { encodeMetadata } from '@carryon/object-store'
import { z } from 'zod'
import {
  callsPerBatch,
  largestSinglePut,
  longestLink,
  longestMetadata,
  maxParts,
  mostPerPage,
  partsPerRequest,
} from '@carryon/protocol'
import type {
  AccessBody,
  BatchBody,
  BatchedComplete,
  BatchedOpen,
  CompleteRequest,
  LinkBody,
  RenameBody,
  ListQuery,
  OpenBody,
} from '@carryon/protocol'
import { keepable } from '../keepable-text.js'
import { partRuns } from '../parts/part-runs.js'
import type { Members } from './members.js'

const name = z.string().max(1_024).transform(keepable)
const type = z.string().max(255).transform(keepable)
/** Ids that a database query can contain. */
const keepableId = /^[^\0\p{Surrogate}]{1,64}$/u

const metadata = z
  .record(
    z.string().regex(/^[0-9a-z-]{1,64}$/u, 'must be 1 to 64 characters of 0-9 a-z -'),
    z.string().min(1, 'must not be empty').transform(keepable),
  )
  .refine((entries) => bytesOfMetadata(entries) <= longestMetadata, {
    message: `must have at most ${longestMetadata} bytes together, names and values as they are stored`,
  })

/** Bytes as object headers, which are ASCII. */
function bytesOfMetadata(entries: Readonly<Record<string, string>>): number {
  return Object.entries(entries).reduce(
    (sum, [name, value]) => sum + name.length + encodeMetadata(value).length,
    0,
  )
}

export const openBody = z.object({
  identity: z
    .string()
    .regex(/^[0-9A-Za-z:._-]{1,128}(~[0-9a-f]{16})?$/u, 'must be 1 to 128 characters of 0-9 A-Z a-z : . _ -'),
  name,
  size: z.int().nonnegative(),
  type: type.default(''),
  md5: z
    .string()
    .regex(/^[0-9A-Za-z+/]{21}[AQgw]==$/u, 'must be the Base64 of 16 bytes')
    .optional(),
  partSize: z.int().positive().optional(),
  grows: z.boolean().optional(),
  unlessDone: z.boolean().optional(),
  forms: z.boolean().optional(),
  urls: z.boolean().optional(),
  separate: z.boolean().optional(),
  continues: z.string().regex(keepableId, 'must be the id of an upload').optional(),
  metadata: metadata.optional(),
  path: z.string().max(1_024).transform(keepable).optional(),
} satisfies Members<OpenBody>)

export const accessBody = z
  .object({
    partNumbers: z.array(z.int().min(1).max(maxParts)).max(partsPerRequest).optional(),
    sizes: z.array(z.int().nonnegative()).max(partsPerRequest).optional(),
  } satisfies Members<AccessBody>)
  .refine(({ partNumbers, sizes }) => sizes === undefined || sizes.length === partNumbers?.length, {
    path: ['sizes'],
    message: 'must have as many entries as partNumbers',
  })

export const linkBody = z.object({
  expiresIn: z.int().min(1).max(longestLink).optional(),
  inline: z.boolean().default(false),
} satisfies Members<LinkBody>)

export const completeBody = z.object({
  size: z.int().nonnegative(),
  crc64: z
    .string()
    .regex(/^(0|[1-9]\d{0,19})$/u, 'must be an unsigned decimal')
    .optional(),
  etags: z.array(z.string().max(128)).max(maxParts).optional(),
  partRuns: partRuns.optional(),
  name: name.optional(),
  type: type.optional(),
} satisfies Members<CompleteRequest>)

/** Small files only, because each item of a batch waits for the slowest. */
const batchedOpen = openBody
  .required({ md5: true })
  .extend({ size: z.int().nonnegative().max(largestSinglePut) }) satisfies z.ZodType<BatchedOpen>

const batchedComplete = z.object({
  id: z.string().regex(keepableId, 'must be the id of an upload'),
  size: completeBody.shape.size,
  crc64: completeBody.shape.crc64,
} satisfies Members<BatchedComplete>)

export const batchBody = z.object({
  open: z.array(batchedOpen).max(callsPerBatch).default([]),
  complete: z.array(batchedComplete).max(callsPerBatch).default([]),
} satisfies Members<BatchBody>)

export const listQuery = z.object({
  state: z.enum(['open', 'done']).default('open'),
  limit: z.coerce.number().int().min(1).max(mostPerPage).default(50),
  cursor: z.string().max(256).optional(),
} satisfies Members<ListQuery>)

export const renameBody = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(1_024).transform(keepable),
} satisfies Members<RenameBody>)

/** Query of an object's URL: whether to show it inline, and the parameters of a signed link. */
export const objectQuery = z.object({
  inline: z.string().optional(),
  until: z.string().optional(),
  signature: z.string().optional(),
})

/** An upload's id in a path. */
export const uploadId = z.object({ id: z.string().regex(keepableId, 'must be the id of an upload') })
