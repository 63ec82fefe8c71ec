import { invalidAnswer, unquoteEtag } from './answer-xml.js'
import type { StoreDialect } from './store-dialect.js'
import { objectHeaders } from './object-headers.js'
import type { ObjectStore } from './object-store.js'
import type { UploadedObject } from './store-calls.js'
import { describe } from './store-channel.js'
import type { Answer, Call, StoreChannel } from './store-channel.js'
import { StoreError } from './store-error.js'

type ObjectCalls = Pick<ObjectStore, 'putObject' | 'headObject' | 'getObject' | 'deleteObject'>

/** Whole objects: COS 436/7749, 436/7745, 436/7753, 436/7743. */
export function objectCalls(channel: StoreChannel, dialect: StoreDialect): ObjectCalls {
  return {
    async putObject(key, body, { forbidOverwrite = false, ...headers } = {}) {
      const call: Call = {
        operation: 'PutObject',
        method: 'PUT',
        key,
        headers: {
          ...objectHeaders(headers, dialect),
          ...(forbidOverwrite ? dialect.forbidOverwrite : {}),
        },
        body,
        repeatable: !forbidOverwrite, // after a lost answer the second one would be refused for the first one's object
      }
      return checksumsOf(await channel.call(call), dialect, describe(call))
    },

    async headObject(key) {
      const call: Call = {
        operation: 'HeadObject',
        method: 'HEAD',
        key,
        headers: dialect.capabilities.objectChecksum === null ? {} : dialect.crc64.toHead,
        repeatable: true,
      }
      try {
        const answer = await channel.call(call)
        const { headers } = answer
        const size = Number(headers['content-length'] ?? NaN)
        const lastModified = new Date(headers['last-modified'] ?? '')
        if (!Number.isSafeInteger(size) || Number.isNaN(lastModified.getTime())) {
          throw invalidAnswer(answer, describe(call), 'no size or no time of modification')
        }
        return { ...checksumsOf(answer, dialect, describe(call)), size, lastModified }
      } catch (error) {
        if (error instanceof StoreError && error.status === 404) return null
        throw error
      }
    },

    async getObject(key, range) {
      const call: Call = {
        operation: 'GetObject',
        method: 'GET',
        key,
        headers: range === undefined ? {} : { range: rangeHeader(range) },
        repeatable: true,
      }
      const response = await channel.open(call)
      if (range === undefined || response.status === 206) return response
      await response.body?.cancel()
      const found = 'the whole object instead of a range of it'
      throw invalidAnswer({ status: response.status }, describe(call), found)
    },

    async deleteObject(key) {
      try {
        await channel.call({ operation: 'DeleteObject', method: 'DELETE', key, repeatable: true })
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'NoSuchKey')) throw error
      }
    },
  }
}

/** The ETag of the stored content, and its CRC-64 if the store returns one. */
export function checksumsOf(answer: Answer, dialect: StoreDialect, asked: string): UploadedObject {
  const etag = unquoteEtag(answer.headers['etag'] ?? '')
  if (etag === '') throw invalidAnswer(answer, asked, 'no ETag')
  return { etag, ...crc64Of(answer.headers[dialect.crc64.header], dialect) }
}

/** The CRC-64 of an answer, if it has one. */
export function crc64Of(text: string | undefined, dialect: StoreDialect): { readonly crc64?: string } {
  const crc64 = text === undefined ? undefined : dialect.crc64.read(text)
  return crc64 === undefined ? {} : { crc64 }
}

/** A range header. In HTTP the end is inclusive (RFC 9110 section 14.1.2), in `slice` and this interface exclusive. */
function rangeHeader({ start, end }: { readonly start: number; readonly end: number }): string {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end <= start) {
    throw new StoreError(`No range of bytes goes from ${start} to before ${end}.`, {
      code: 'InvalidRequest',
      status: 0,
    })
  }
  return `bytes=${start}-${end - 1}`
}
