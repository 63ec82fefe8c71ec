import type { FinishedFiles } from '@carryon/client/finished'
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'

/** A link that is being made, is there, or could not be made. */
export interface SharedLink {
  readonly url: Readonly<ShallowRef<string | null>>
  readonly expiresAt: Readonly<ShallowRef<Date | null>>
  readonly failed: Readonly<ShallowRef<boolean>>
  /** Makes it anew. Resolves with its address; `null` when that does not get through, or another is wanted by then. */
  readonly make: () => Promise<string | null>
}

/**
 * A link to a finished file that everybody can open, made anew whenever `seconds` changes.
 *
 * @param seconds how long it works
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
