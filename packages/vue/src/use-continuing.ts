import { UploadError, type UnfinishedUpload, type Upload } from '@carryon/client'
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { rememberedChoice } from './remembered-choice.js'

/** How unfinished uploads go on without a file being picked. */
export interface Continuing {
  /** Whether those that can go on by themselves do; set it to choose, and it is remembered. */
  readonly automatic: Ref<boolean>
  /** Why one could not go on, by the server's id. */
  readonly troubles: Readonly<ShallowRef<ReadonlyMap<string, UploadError>>>
  /** Goes on without a pick. Call it when a button was just clicked: the browser may have to ask for permission. */
  readonly goOn: (upload: UnfinishedUpload) => Promise<void>
}

/** Milliseconds in which a reader sees what is about to go on, and may choose otherwise. */
const forewarning = 2_000

/** @param took called with what goes on now */
export function useContinuing(
  unfinished: Readonly<Ref<readonly UnfinishedUpload[]>>,
  took: (unfinished: UnfinishedUpload, upload: Upload) => void,
): Continuing {
  const automatic = rememberedChoice('carryon-automatic', true)
  const troubles = shallowRef<ReadonlyMap<string, UploadError>>(new Map())
  /** Each goes on by itself once: should it fail, a reader has to say how. */
  const tried = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  async function goOn(upload: UnfinishedUpload): Promise<void> {
    tried.add(upload.id)
    setTrouble(upload.id, null)
    try {
      took(upload, await upload.resume())
    } catch (error) {
      if (!(error instanceof UploadError)) throw error
      setTrouble(upload.id, error)
    }
  }

  function setTrouble(id: string, error: UploadError | null): void {
    const others = [...troubles.value].filter(([other]) => other !== id)
    troubles.value = new Map(error === null ? others : [...others, [id, error]])
  }

  function goOnSoon(id: string): void {
    const due = (): void => {
      timers.delete(id)
      const upload = unfinished.value.find((one) => one.id === id)
      if (upload !== undefined && automatic.value && mayGoOn(upload)) void goOn(upload)
    }
    timers.set(id, setTimeout(due, forewarning))
  }

  function mayGoOn({ id, needs, paused }: UnfinishedUpload): boolean {
    return needs === 'nothing' && !paused && !tried.has(id)
  }

  watch(
    [unfinished, automatic],
    () => {
      if (!automatic.value) return
      for (const upload of unfinished.value) {
        if (mayGoOn(upload) && !timers.has(upload.id)) goOnSoon(upload.id)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    for (const timer of timers.values()) clearTimeout(timer)
  })
  return { automatic, troubles, goOn }
}
