import { BackendError } from '../../core/backend-error.js'
import type { RegisteredUpload } from '@carryon/protocol'
import { fileFromHandle, unreadable } from '../local-copies/file-from-handle.js'
import { permissionOf } from '../local-copies/file-handles.js'
import type { Clock, FileSource, Hasher, TabLocks } from '../../ports.js'
import { withStorageTimeout } from './storage-timeout.js'
import type { FileKey, PickStore, StoredPick } from './pick-store.js'
import { QueueCopies } from './queue-copies.js'
import { QueueLocks } from './queue-locks.js'
import { QueueMemory } from './queue-memory.js'
import type { FollowedUpload, QueuedFile } from './queued-file.js'

/** Milliseconds after which a remembered file that was never resumed is forgotten. */
const longest = 30 * 86_400_000
/** Milliseconds that a list waits for the keys of copies while another page writes one. */
const timeout = 1_000

/** What {@link Queue} needs. */
export interface QueueOptions {
  readonly store: PickStore
  readonly clock: Clock
  readonly locks: TabLocks
  readonly hasher: Pick<Hasher, 'hash'>
  /** Unique id of this page. */
  readonly id: string
  /** The backend's address: files picked for one backend are not sent to another. */
  readonly scope: string
  /** Most bytes of all copies; 0: neither copies nor handles are kept. */
  readonly limit: number
  /** Bytes of copies that other code makes within that limit. */
  readonly others: () => number
  readonly onForgetful: () => void
  readonly onCopied: (source: FileSource) => void
}

/** This owner's open uploads at the server, and a way to look up others. */
export interface AtServer {
  readonly open: ReadonlySet<string>
  readonly get: (id: string) => Promise<RegisteredUpload>
}

/** What a later page needs to continue a queued file. */
export type QueuedNeeds = 'nothing' | 'permission' | 'file'

/** Files that wait for their upload: those of this page, and those of closed pages. */
export class Queue {
  readonly memory: QueueMemory
  readonly #options: QueueOptions
  readonly #locks: QueueLocks
  readonly #copies: QueueCopies
  /** Queues that turned out to belong to another owner. */
  readonly #strange = new Set<string>()
  #aside: readonly string[] = []

  constructor(options: QueueOptions) {
    const { store, clock, locks, id, scope, limit, onForgetful } = options
    this.#options = options
    this.#locks = new QueueLocks(locks, clock)
    this.memory = new QueueMemory({
      store,
      clock,
      locks: this.#locks,
      queue: id,
      scope,
      keepsHandles: limit > 0,
      onForgetful,
    })
    this.#copies = new QueueCopies({ ...options, files: () => this.memory.files })
  }

  /** Bytes of all copies. */
  get bytes(): number {
    return this.#copies.bytes
  }

  picked(files: Iterable<FileSource>): Promise<void> {
    return this.memory.picked(files)
  }

  follow(upload: FollowedUpload, isLeaving: () => boolean, known: QueuedFile | null): void {
    this.memory.follow(upload, isLeaving, known)
    this.#copies.look()
  }

  /**
   * Files of closed pages that were not resumed yet, in the order in which they were picked.
   *
   * @param server `null` while it is unreachable: queues of pages that had opened uploads are then left out, because
   * only the server can tell whether these belong to this owner
   */
  async left(server: AtServer | null): Promise<readonly QueuedFile[]> {
    const copied = await this.#copiedSoon()
    await this.#adopt(server)
    const known = new Set(this.memory.files.map(({ key }) => nameOf(key)))
    for (const file of this.memory.files) {
      if (file.source === null) file.copied = copied.names.has(nameOf(file.key))
    }
    void this.#sweep(copied.keys.filter((key) => !known.has(nameOf(key))))
    return this.memory.files
      .filter(({ ended, upload, source }) => !ended && upload === null && source === null)
      .sort((a, b) => a.pickedAt - b.pickedAt || a.place - b.place)
  }

  async needsOf({ picked, copied }: QueuedFile): Promise<QueuedNeeds> {
    if (picked.handle === undefined) return copied ? 'nothing' : 'file'
    const permission = await permissionOf(picked.handle).catch(() => 'denied' as const)
    return permission === 'denied' ? 'file' : permission === 'granted' ? 'nothing' : 'permission'
  }

  /** The file, without a new pick. Rejects with an `UploadError` that tells why it has to be picked again. */
  async open({ picked, key, copied }: QueuedFile): Promise<FileSource> {
    if (picked.handle !== undefined) return fileFromHandle(picked.handle, picked.name)
    const { store, clock } = this.#options
    const copy = copied
      ? await withStorageTimeout(() => store.copyOf(key, picked), clock).catch(() => null)
      : null
    if (copy === null) throw unreadable(picked.name, 'This browser no longer keeps a copy of it.')
    this.#options.onCopied(copy)
    return copy
  }

  /** The page enters the back/forward cache: releases its queues, so that other pages may take them over. */
  putAside(): void {
    this.memory.close()
    this.#aside = this.#locks.leaveAll()
  }

  async takeUp(): Promise<void> {
    this.memory.reopen()
    for (const queue of this.#aside) await this.#locks.take(queue)
  }

  close(): void {
    this.memory.close()
    this.#copies.close()
    this.#locks.leaveAll()
  }

  async #adopt(server: AtServer | null): Promise<void> {
    const { store, scope, id, clock } = this.#options
    const all = (): ReturnType<PickStore['all']> => withStorageTimeout(() => store.all(), clock)
    const before = await all()
    const queues = new Set(before.flatMap(({ pick }) => (pick.scope === scope ? [pick.queue] : [])))
    const isNew = (queue: string): boolean =>
      queue !== id && !this.#locks.has(queue) && !this.#strange.has(queue)
    const taken = await Promise.all(
      [...queues].filter(isNew).map(async (queue) => ((await this.#locks.take(queue)) ? queue : null)),
    )
    if (taken.every((queue) => queue === null)) return
    // Read again: the other page may have written until it released the lock.
    const now = await all()
    for (const queue of taken) {
      if (queue === null) continue
      const picks = now.filter(({ pick }) => pick.queue === queue)
      const ids = picks.flatMap(({ marks }) => Object.values(marks).flatMap(({ uploadId }) => uploadId ?? []))
      if (server === null && ids.length > 0) this.#locks.leave(queue)
      else if (server !== null && (await isAnothers(ids, server))) {
        this.#strange.add(queue)
        this.#locks.leave(queue)
        this.#forgetOld(
          picks.map(({ pick }) => pick),
          clock.wallTime(),
        )
      } else for (const { pick, marks } of picks) this.memory.adopt(pick, marks)
    }
    if (server !== null) await this.#settle(server)
    this.#endOld()
  }

  /** Ends files whose uploads ended at the server while no page was open. */
  async #settle({ open, get }: AtServer): Promise<void> {
    const unsettled = this.memory.files.filter(
      ({ ended, source, uploadId }) => !ended && source === null && uploadId !== null && !open.has(uploadId),
    )
    await Promise.all(
      unsettled.map(async (file) => {
        const upload = await get(file.uploadId ?? '').catch(() => null)
        // The upload was swept or failed: nothing of it is stored, so the file waits as if never begun.
        if (upload?.state === 'done' || upload?.state === 'cancelled') this.memory.end(file)
        else file.uploadId = null
      }),
    )
  }

  #endOld(): void {
    const old = this.#options.clock.wallTime() - longest
    for (const file of this.memory.files)
      if (file.source === null && file.pickedAt < old) this.memory.end(file)
  }

  #forgetOld(picks: readonly StoredPick[], now: number): void {
    const removed = picks.flatMap(({ id, pickedAt }) => (pickedAt < now - longest ? [id] : []))
    // Not awaited, because the list does not depend on it.
    if (removed.length > 0)
      void this.#options.store.write({ added: [], marks: new Map(), removed }).catch(() => undefined)
  }

  /** Removes copies without a pick: their page was killed between deleting the pick and the copies. */
  async #sweep(unknown: readonly FileKey[]): Promise<void> {
    const { store } = this.#options
    try {
      const picks = new Set((await store.all()).map(({ pick }) => pick.id))
      const orphans = unknown.filter(({ pick }) => !picks.has(pick))
      if (orphans.length > 0) await store.dropCopies(orphans)
    } catch {
      // The next page retries.
    }
  }

  /** Waits at most `timeout`: another page may be writing a large copy, which blocks all readers. */
  async #copiedSoon(): Promise<{ readonly keys: readonly FileKey[]; readonly names: ReadonlySet<string> }> {
    const { store, clock } = this.#options
    const keys = await Promise.race([
      store.copied().catch(() => []),
      clock.sleep(timeout).then((): readonly FileKey[] => []),
    ])
    return { keys, names: new Set(keys.map(nameOf)) }
  }
}

/**
 * Whether the server does not know the queue's uploads for this owner. Then someone else picked these files in this
 * browser, and neither their names nor their content may be shown or sent.
 */
async function isAnothers(ids: readonly string[], { open, get }: AtServer): Promise<boolean> {
  const [witness] = ids
  if (witness === undefined || ids.some((id) => open.has(id))) return false
  return get(witness).then(
    () => false,
    (error: unknown) => error instanceof BackendError && error.code === 'not-found',
  )
}

function nameOf({ pick, index }: FileKey): string {
  return `${pick}#${index}`
}
