import { withTimeout } from './async/with-timeout.js'
import type { UploadBackend } from './backend/upload-backend.js'
import type { LocalCopies } from './extensions/local-copies/local-copies.js'
import type { PickedFiles } from './extensions/queue/picked-files.js'
import type { StoreConnection } from './store-connection.js'
import { fileOf, pickFile, resumeOptionOf } from './extensions/local-copies/resume-option.js'
import type { ResumeOption } from './extensions/local-copies/resume-option.js'
import type { CopyStorage } from './extensions/local-copies/copy-storage.js'
import { sameUploads } from './extensions/queue/same-upload.js'
import { listQueued } from './extensions/queue/queue-list.js'
import type { QueueActions } from './extensions/queue/queue-list.js'
import type { Queue } from './extensions/queue/queue.js'
import type { QueuedFile } from './extensions/queue/queued-file.js'
import type { Expected } from './upload/upload-job.js'
import type { Clock, FileSource, RememberedUpload, ResumeMemory } from './ports.js'
import { isOver } from './core/backend-error.js'
import type { RegisteredUpload } from '@carryon/protocol'
import type { UnfinishedUpload, UploadOptions } from './unfinished-types.js'
import { UploadError } from './upload-types.js'
import type { Upload } from './upload-types.js'

/** What the list needs from the uploader. */
export interface UnfinishedActions extends QueueActions {
  /**
   * @param kept whether it resumes without a pick
   * @param queued the record of the file from when it was picked
   */
  resume(file: FileSource, expected: Expected, kept: boolean, queued: QueuedFile | null): Upload
  /** Makes one call to the server without retrying; rejects with an `UploadError`. */
  ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** Sources of the list. */
export interface UnfinishedContext {
  readonly backend: UploadBackend
  readonly memory: ResumeMemory
  readonly clock: Clock
  readonly copies: LocalCopies | null
  readonly picks: PickedFiles | null
  readonly storeConnection: StoreConnection
}

/**
 * Maximum number of uploads from other machines whose parts are counted; each costs the server a request to the store.
 */
const countedAtMost = 20
/** Timeout for finding out what this browser has of a file; a local copy may have thousands of blocks. Milliseconds. */
const lookingTime = 10_000

/**
 * This owner's open uploads, except those for which `isLive` is true, each with its resume option in this browser, and
 * the files that earlier pages had not begun.
 */
export async function listUnfinished(
  context: UnfinishedContext,
  actions: UnfinishedActions,
  isLive: (id: string) => boolean,
): Promise<readonly UnfinishedUpload[]> {
  const { memory } = context
  const copyStorage = (await context.copies?.copyStorage()) ?? null
  const [open, remembered, sources] = await Promise.all([
    allOpen(context, actions),
    memory.all(),
    copyStorage === null ? [] : withTimeout(() => copyStorage.sources.all(), [], context.clock),
  ])
  void context.copies?.tell((manager) => manager.sweep(open.map(({ id }) => id)))
  const known = new Map(remembered.map((upload) => [upload.id, upload]))
  const held = new Map(sources.map((source) => [source.id, source]))
  const queue = (await context.picks?.queue()) ?? null
  const left = await leftIn(queue, context, new Set(open.map(({ id }) => id)))
  const begun = new Map(left.map((file) => [file.uploadId, file]))
  const same = sameUploads(left, open)
  const shownAsQueued = new Set([...same.values()].map(({ id }) => id))
  let counted = 0
  const listed = await Promise.all(
    open
      .filter(({ id }) => !isLive(id) && !shownAsQueued.has(id))
      .map(async (upload) => {
        const mine = known.get(upload.id)
        const resumeOption =
          copyStorage === null
            ? pickFile
            : await withTimeout(
                () => resumeOptionOf(copyStorage, upload, held.get(upload.id), mine),
                pickFile,
                context.clock,
                lookingTime,
              )
        const stored =
          mine === undefined && counted++ < countedAtMost ? await storedOf(context, upload) : null
        const source = { copyStorage, resumeOption, queue, queued: begun.get(upload.id) ?? null }
        const needs = await needsOf(source)
        const storedBytes = mine === undefined ? stored : bytesOf(mine.parts)
        return listedUpload(context, actions, upload, source, needs, storedBytes)
      }),
  )
  if (queue === null) return listed
  const notBegun = left.filter(({ uploadId }) => uploadId === null)
  const discard = async (file: QueuedFile): Promise<void> => {
    const upload = same.get(file)
    if (upload !== undefined) await cancelled(context, actions, upload.id)
  }
  return [...listed, ...(await listQueued(queue, actions, notBegun, discard))]
}

/**
 * The files that earlier pages of this browser had not begun, as far as known without the server. Open uploads are left
 * out, because only the server knows their owner.
 */
export async function listUnfinishedHere(
  context: UnfinishedContext,
  actions: UnfinishedActions,
): Promise<readonly UnfinishedUpload[]> {
  const queue = (await context.picks?.queue()) ?? null
  if (queue === null) return []
  const left = await leftIn(queue, context, null)
  const notBegun = left.filter(({ uploadId }) => uploadId === null)
  return listQueued(queue, actions, notBegun, async () => undefined)
}

/** What this browser kept of the file of an open upload. */
interface HeldFile {
  readonly copyStorage: CopyStorage | null
  readonly resumeOption: ResumeOption
  readonly queue: Queue | null
  /** The record from when the file was picked. */
  readonly queued: QueuedFile | null
}

/** Prefers what was kept while the file was sent, because only the missing parts have to be read from that. */
async function needsOf({ resumeOption, queue, queued }: HeldFile): Promise<UnfinishedUpload['needs']> {
  return resumeOption.needs !== 'file' || queue === null || queued === null
    ? resumeOption.needs
    : queue.needsOf(queued)
}

/**
 * The files left in the queue. If storage fails, none are returned, and the rest of the list is not affected.
 *
 * @param open ids of the uploads open at the server; `null` while the server cannot be reached
 */
async function leftIn(
  queue: Queue | null,
  { backend, picks }: UnfinishedContext,
  open: ReadonlySet<string> | null,
): Promise<readonly QueuedFile[]> {
  const never = new AbortController().signal
  try {
    const server = open === null ? null : { open, get: (id: string) => backend.get(id, never) }
    return (await queue?.left(server)) ?? []
  } catch {
    picks?.forget()
    return []
  }
}

function listedUpload(
  context: UnfinishedContext,
  actions: UnfinishedActions,
  { id, name, size, identity, createdAt }: RegisteredUpload,
  { copyStorage, resumeOption, queue, queued }: HeldFile,
  needs: UnfinishedUpload['needs'],
  storedBytes: number | null,
): UnfinishedUpload {
  const expected = { id, name, size, identity }
  const resumeHere = async (): Promise<Upload> => {
    if (copyStorage !== null && resumeOption.source !== null) {
      return actions.resume(await fileOf(copyStorage, resumeOption.source), expected, true, queued)
    }
    if (queue !== null && queued !== null) {
      return actions.resume(await queue.open(queued), expected, true, queued)
    }
    throw new UploadError('file-unreadable', `Pick "${name}" again to go on.`)
  }
  // `onDuplicate` is not used: what to do about duplicates was decided when the upload was opened.
  function resume(file?: undefined, options?: UploadOptions): Promise<Upload>
  function resume(file: FileSource, options?: UploadOptions): Upload
  function resume(file?: FileSource): Upload | Promise<Upload> {
    if (file === undefined) return resumeHere()
    // The file picked now replaces the remembered one.
    if (queued !== null) queue?.memory.end(queued)
    return actions.resume(file, expected, false, null)
  }
  return {
    ...expected,
    state: 'open',
    createdAt,
    needs,
    storedBytes,
    lastModified: queued?.picked.lastModified ?? null,
    paused: resumeOption.source?.paused === true || queued?.held === true,
    resume,
    async discard() {
      await cancelled(context, actions, id)
      await context.memory.delete(identity)
      queue?.memory.endedAtServer(id)
      await queue?.memory.flush()
    },
  }
}

/** Cancels the upload; also resolves if another page has ended it since it was listed. */
function cancelled({ backend }: UnfinishedContext, actions: UnfinishedActions, id: string): Promise<void> {
  return actions.ask(async (signal) => {
    try {
      await backend.cancel(id, signal)
    } catch (error) {
      if (!isOver(error)) throw error
    }
  })
}

async function allOpen(
  { backend, storeConnection }: UnfinishedContext,
  actions: Pick<UnfinishedActions, 'ask'>,
): Promise<readonly RegisteredUpload[]> {
  const uploads: RegisteredUpload[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { state: 'open', limit: 200, ...(cursor !== undefined && { cursor }) } as const
    const page = await actions.ask((signal) => backend.list(query, signal))
    storeConnection.learn(page.storeOrigin)
    uploads.push(...page.uploads)
    cursor = page.next
  }
  return uploads
}

/** Bytes that the store holds of an upload unknown to this browser; `null` if that cannot be found out now. */
async function storedOf({ backend }: UnfinishedContext, { id }: RegisteredUpload): Promise<number | null> {
  const never = new AbortController().signal
  return backend.parts(id, never).then(bytesOf, () => null)
}

function bytesOf(parts: RememberedUpload['parts'] | readonly { readonly size: number }[]): number {
  return parts.reduce((bytes, { size }) => bytes + size, 0)
}
