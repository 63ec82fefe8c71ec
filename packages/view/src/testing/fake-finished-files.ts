import type { FinishedFiles, LinkOptions } from '@carryon/client/finished'

export interface FakeFinishedFiles extends FinishedFiles {
  /** The links that were asked for. */
  readonly asked: readonly (LinkOptions & { readonly id: string })[]
  /** Set it to make every call fail. */
  error: Error | null
}

/** Finished files without a server: links lead nowhere. */
export function createFakeFinishedFiles(now: () => number = Date.now): FakeFinishedFiles {
  const asked: (LinkOptions & { readonly id: string })[] = []
  const fake: FakeFinishedFiles = {
    asked,
    error: null,
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
