import type { FinishedFiles, LinkOptions, UploadReceipt } from '@carryon/client/finished'

export interface FakeFinishedFiles extends FinishedFiles {
  /** The links that were requested. */
  readonly asked: readonly (LinkOptions & { readonly id: string })[]
  /** If set, every call fails with it. */
  error: Error | null
  /** Makes the receipts; replace it to change their content. */
  receiptOf: (id: string) => UploadReceipt
}

/** Finished files without a server; the links lead nowhere. */
export function createFakeFinishedFiles(now: () => number = Date.now): FakeFinishedFiles {
  const asked: (LinkOptions & { readonly id: string })[] = []
  const fake: FakeFinishedFiles = {
    asked,
    error: null,
    receiptOf: (id) => ({
      carryonReceipt: 1,
      name: id,
      size: 2_164_900_000,
      finishedAt: new Date(now()).toISOString(),
      mode: 'multipart',
      crc64: '11051210869376104954',
      crc64Type: 'crc64ecma',
      md5: null,
      etagsDigest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      etag: '5d41402abc4b2a76b9719d911017c592-262',
      parts: 262,
      partRuns: [{ after: 0, partSize: 8 * 2 ** 20 }],
      comparedBy: ['object-crc64', 'part-etags', 'size'],
      resumedFrom: 886_500_000,
      sentAgain: 0,
    }),
    receipt: async (id) => {
      if (fake.error !== null) throw fake.error
      return fake.receiptOf(id)
    },
    link: async (id, options = {}) => {
      if (fake.error !== null) throw fake.error
      asked.push({ id, ...options })
      const until = Math.floor(now() / 1_000) + (options.expiresIn ?? 86_400)
      return {
        url: `https://files.example/api/uploads/${id}/object?until=${until}&signature=kT1b0f3G8mZ6sX2vQ9nW4cR7yU5eA0hJ`,
        expiresAt: new Date(until * 1_000).toISOString(),
      }
    },
  }
  return fake
}
