import type { FinishedUpload, UnfinishedUpload, Uploader } from '@carryon/client'
import { shallowRef, type ShallowRef } from 'vue'

/** What the server's register knows of this owner's earlier uploads, as of the last answer. */
export interface Register {
  readonly unfinished: Readonly<ShallowRef<readonly UnfinishedUpload[]>>
  readonly finished: Readonly<ShallowRef<readonly FinishedUpload[]>>
  readonly next: Readonly<ShallowRef<string | null>>
  /** Why it could not be asked; `null` when it could. */
  readonly error: Readonly<ShallowRef<unknown>>
  readonly loaded: Readonly<ShallowRef<boolean>>
  readonly refresh: () => Promise<void>
  readonly loadMore: () => Promise<void>
  readonly discard: (upload: UnfinishedUpload) => Promise<void>
  /** This page removed it. */
  readonly forget: (id: string) => void
}

/** Finished uploads asked for at once. */
const pageLength = 20

export function useRegister(uploader: Uploader): Register {
  const unfinished = shallowRef<readonly UnfinishedUpload[]>([])
  const finished = shallowRef<readonly FinishedUpload[]>([])
  const next = shallowRef<string | null>(null)
  const error = shallowRef<unknown>(null)
  const loaded = shallowRef(false)
  /** The answer of an older question must not overwrite that of a newer one. */
  let question = 0
  /** Whether the server has told once what is unfinished. */
  let answered = false

  async function refresh(): Promise<void> {
    const mine = ++question
    const [open, page] = await Promise.allSettled([
      uploader.unfinished(),
      uploader.finished({ limit: pageLength }),
    ])
    // While the server is away what is listed stays, and at first there is what this browser knows.
    const here = open.status === 'rejected' && !answered ? await knownHere() : null
    if (mine !== question) return
    if (open.status === 'fulfilled') {
      answered = true
      unfinished.value = open.value
    } else if (here !== null) unfinished.value = here
    if (page.status === 'fulfilled') {
      finished.value = page.value.uploads
      next.value = page.value.next
    }
    const failed = [open, page].find(({ status }) => status === 'rejected')
    error.value = failed?.status === 'rejected' ? failed.reason : null
    loaded.value ||= error.value === null
  }

  /** It is the server's failure that is told. */
  function knownHere(): Promise<readonly UnfinishedUpload[]> {
    return uploader.unfinishedHere().catch(() => [])
  }

  async function loadMore(): Promise<void> {
    if (next.value === null) return
    const mine = ++question
    try {
      const page = await uploader.finished({ limit: pageLength, cursor: next.value })
      if (mine !== question) return
      finished.value = [...finished.value, ...page.uploads]
      next.value = page.next
      error.value = null
    } catch (cause) {
      if (mine === question) error.value = cause
    }
  }

  function forget(id: string): void {
    unfinished.value = unfinished.value.filter((upload) => upload.id !== id)
  }

  return {
    unfinished,
    finished,
    next,
    error,
    loaded,
    refresh,
    loadMore,
    forget,
    discard: async (upload) => {
      await upload.discard()
      forget(upload.id)
    },
  }
}
