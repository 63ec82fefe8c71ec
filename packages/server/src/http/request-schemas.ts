import { z } from 'zod'
import { longestLink } from '../access/object-link.js'
import { largestSinglePut } from '../uploads/part-plan.js'
import { callsPerBatch, partsPerRequest } from './api-limits.js'

/** PostgreSQL keeps no NUL in text, and half a surrogate pair has no UTF-8. */
const keepable = (text: string) => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD')

export const openBody = z.object({
  identity: z
    .string()
    .regex(/^[0-9A-Za-z:._-]{1,128}$/u, 'must be 1 to 128 characters of 0-9 A-Z a-z : . _ -'),
  name: z.string().max(1_024).transform(keepable),
  size: z.int().nonnegative(),
  type: z.string().max(255).transform(keepable).default(''),
  md5: z
    .string()
    .regex(/^[0-9A-Za-z+/]{21}[AQgw]==$/u, 'must be the Base64 of 16 bytes')
    .optional(),
  partSize: z.int().positive().optional(),
  unlessDone: z.boolean().optional(),
  forms: z.boolean().optional(),
})

export const accessBody = z.object({
  partNumbers: z.array(z.int().min(1).max(10_000)).max(partsPerRequest).optional(),
})

/** Seconds; a day when nothing is said. */
export const linkBody = z.object({
  expiresIn: z.int().min(1).max(longestLink).default(86_400),
})

export const completeBody = z.object({
  size: z.int().nonnegative(),
  crc64: z
    .string()
    .regex(/^(0|[1-9]\d{0,19})$/u, 'must be an unsigned decimal')
    .optional(),
  etags: z.array(z.string().min(1).max(128)).max(10_000).optional(),
  tailPartSize: z.int().positive().optional(),
})

/** Small files only: each of the others has to wait for the slowest. */
export const batchBody = z.object({
  open: z
    .array(openBody.required({ md5: true }).extend({ size: z.int().nonnegative().max(largestSinglePut) }))
    .max(callsPerBatch)
    .default([]),
  complete: z
    .array(completeBody.omit({ etags: true, tailPartSize: true }).extend({ id: z.string().min(1).max(64) }))
    .max(callsPerBatch)
    .default([]),
})

export const listQuery = z.object({
  state: z.enum(['open', 'done']).default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(256).optional(),
})
