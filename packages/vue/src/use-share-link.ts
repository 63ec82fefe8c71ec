import type { FinishedFiles } from '@carryon/client/finished'
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'

/** A share link that is being created, is ready, or has failed. */
export interface SharedLink {
  readonly url: Readonly<ShallowRef<string | null>>
  readonly expiresAt: Readonly<ShallowRef<Date | null>>
  readonly failed: Readonly<ShallowRef<boolean>>
  /** Creates a new link. Resolves with its URL, or `null` when that fails or a newer call has replaced this one. */
  readonly make: () => Promise<string | null>
}

/**
 * A link to a finished file that everybody can open. A new one is created whenever `seconds` changes.
 *
 * @param seconds lifetime of the link in seconds
 */
export function useShareLink(
  files: FinishedFiles,
  id: () => string,
  seconds: Readonly<Ref<number>>,
): SharedLink {
  const url = shallowRef<string | null>(null)
  const expiresAt = shallowRef<Date | null>(null)
  const failed = shallowRef(false)
  let asked = 0

  async function make(): Promise<string | null> {
    const mine = ++asked
    url.value = null
    failed.value = false
    try {
      const link = await files.link(id(), { expiresIn: seconds.value })
      if (mine !== asked) return null
      url.value = link.url
      expiresAt.value = new Date(link.expiresAt)
      return link.url
    } catch {
      if (mine === asked) failed.value = true
      return null
    }
  }

  watch(seconds, () => void make())
  return { url, expiresAt, failed, make }
}
