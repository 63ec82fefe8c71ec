import { UploadError, type UnfinishedUpload, type Upload } from '@carryon/client'
import { unasked, type AddedTogether } from '@carryon/view'
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { rememberedChoice } from './remembered-choice.js'

/** How unfinished uploads go on without a file being picked. */
export interface AutoResume {
  /** Whether those that can go on by themselves do; set it to choose, and it is remembered. */
  readonly automatic: Ref<boolean>
  /** Why one could not go on, by the server's id. */
  readonly troubles: Readonly<ShallowRef<ReadonlyMap<string, UploadError>>>
  /** Goes on without a pick. Call it when a button was just clicked: the browser may have to ask for permission. */
  readonly resumeOne: (upload: UnfinishedUpload) => Promise<void>
  /**
   * As `resumeOne` for several, one after the other: a browser asks once, and gives the permission for all. Ends with the
   * first that is refused.
   */
  readonly resumeAll: (uploads: readonly UnfinishedUpload[]) => Promise<void>
  /** Does not go on by itself any more. */
  readonly leaveAlone: (upload: UnfinishedUpload) => void
}

/** Milliseconds in which a reader sees what is about to go on, and may choose otherwise. */
const forewarning = 2_000
/** Copies that are looked for at once when many files go on: each is a question to the disk. */
const atOnce = 8

/**
 * @param took called with what goes on now
 * @param together begins what goes on together
 */
export function useAutoResume(
  unfinished: Readonly<Ref<readonly UnfinishedUpload[]>>,
  took: (unfinished: UnfinishedUpload, upload: Upload) => void,
  together: () => AddedTogether = () => unasked,
): AutoResume {
  const automatic = rememberedChoice('carryon-automatic', true)
  const troubles = shallowRef<ReadonlyMap<string, UploadError>>(new Map())
  /** Each goes on by itself once: should it fail, a reader has to say how. */
  const tried = new Set<string>()
  /** By id: what goes on when the timer says so. Those that are listed together have one. */
  const due = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let isOver = false

  async function resumeOne(upload: UnfinishedUpload, { beginLater } = together()): Promise<void> {
    tried.add(upload.id)
    setTrouble(upload.id, null)
    try {
      took(upload, await beginLater((options) => upload.resume(undefined, options)))
    } catch (error) {
      if (!(error instanceof UploadError)) throw error
      setTrouble(upload.id, error)
    }
  }

  function setTrouble(id: string, error: UploadError | null): void {
    if (error === null && !troubles.value.has(id)) return
    const others = [...troubles.value].filter(([other]) => other !== id)
    troubles.value = new Map(error === null ? others : [...others, [id, error]])
  }

  async function resumeAll(uploads: readonly UnfinishedUpload[]): Promise<void> {
    const beginning = together()
    for (const upload of uploads) {
      // Each was listed when this began: another tab, or a pick, may have it by now.
      if (isOver) return
      if (!unfinished.value.some(({ id }) => id === upload.id)) continue
      await resumeOne(upload, beginning)
      if (troubles.value.get(upload.id)?.code === 'permission-denied') return
    }
  }

  function resumeSoon(ids: ReadonlySet<string>): void {
    for (const id of ids) due.add(id)
    const timer = setTimeout(() => {
      timers.delete(timer)
      for (const id of ids) due.delete(id)
      if (!automatic.value) return
      const beginning = together()
      const left = [...ids]
      const resumeInTurn = async (): Promise<void> => {
        for (let id = left.shift(); id !== undefined; id = left.shift()) {
          if (isOver || !automatic.value) return
          // As it stands now: until its turn it may have been taken up, discarded or paused.
          const upload = unfinished.value.find((one) => one.id === id)
          if (upload !== undefined && mayResume(upload)) await resumeOne(upload, beginning)
        }
      }
      for (let turn = 0; turn < atOnce; turn += 1) void resumeInTurn()
    }, forewarning)
    timers.add(timer)
  }

  function mayResume({ id, needs, paused }: UnfinishedUpload): boolean {
    return needs === 'nothing' && !paused && !tried.has(id)
  }

  watch(
    [unfinished, automatic],
    () => {
      if (!automatic.value) return
      const soon = unfinished.value.filter((upload) => mayResume(upload) && !due.has(upload.id))
      if (soon.length > 0) resumeSoon(new Set(soon.map(({ id }) => id)))
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    isOver = true
    for (const timer of timers) clearTimeout(timer)
  })
  return {
    automatic,
    troubles,
    resumeOne: (upload) => resumeOne(upload),
    resumeAll,
    leaveAlone: ({ id }) => void tried.add(id),
  }
}
