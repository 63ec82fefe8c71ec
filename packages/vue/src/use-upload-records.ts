import type { FinishedUpload, UnfinishedUpload, Uploader } from '@carryon/client'
import { computed, shallowRef, triggerRef, type ComputedRef, type ShallowRef } from 'vue'

/** What the server knows of this owner's earlier uploads, as of the last answer. */
export interface UploadRecords {
  /** Without what this page has removed. */
  readonly unfinished: ComputedRef<readonly UnfinishedUpload[]>
  readonly finished: Readonly<ShallowRef<readonly FinishedUpload[]>>
  readonly next: Readonly<ShallowRef<string | null>>
  /** Why it could not be asked; `null` when it could. */
  readonly error: Readonly<ShallowRef<unknown>>
  readonly loaded: Readonly<ShallowRef<boolean>>
  readonly refresh: () => Promise<void>
  readonly loadMore: () => Promise<void>
  readonly discard: (upload: UnfinishedUpload) => Promise<void>
  /** This page removed it, or took it up for good: an answer that still has it is of before. */
  readonly forget: (id: string) => void
}

/** Finished uploads asked for at once. */
const pageLength = 20

export function useUploadRecords(uploader: Uploader): UploadRecords {
  const listed = shallowRef<readonly UnfinishedUpload[]>([])
  const forgotten = shallowRef(new Set<string>())
  const unfinished = computed(() => listed.value.filter(({ id }) => !forgotten.value.has(id)))
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
      listed.value = open.value
    } else if (here !== null) listed.value = here
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
    forgotten.value.add(id)
    triggerRef(forgotten)
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
