import { answeredSoon } from './async/answered-soon.js'
import type { Engine } from './engine.js'
import { fileOf, pickAgain, wayBackOf } from './kept/way-back.js'
import type { WayBack } from './kept/way-back.js'
import type { Keeping } from './kept/keeping.js'
import type { Expected } from './upload/passage.js'
import type { FileSource, RememberedUpload } from './seams.js'
import type { RegisteredUpload } from './backend/upload-backend.js'
import type { UnfinishedUpload } from './uploader-types.js'
import { UploadError } from './upload-types.js'
import type { Upload } from './upload-types.js'

/** What the list asks of the uploader. */
export interface UnfinishedDesk {
  /** @param kept whether it goes on without a pick */
  resume(file: FileSource, expected: Expected, kept: boolean): Upload
  /** Asks the server once; rejects with an `UploadError`. */
  ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** Uploads of another machine whose parts are counted at once; each costs the server a look into the store. */
const countedAtMost = 20
/** Milliseconds for which it is looked what this browser has of a file; pieces may be thousands. */
const lookingTime = 10_000

/** This owner's open uploads, but those that `isLive`, each with the way it can go on in this browser. */
export async function listUnfinished(
  engine: Engine,
  desk: UnfinishedDesk,
  isLive: (id: string) => boolean,
): Promise<readonly UnfinishedUpload[]> {
  const { memory } = engine
  const keeping = (await engine.keeper?.keeping()) ?? null
  const [open, remembered, sources] = await Promise.all([
    allOpen(engine, desk),
    memory.all(),
    keeping === null ? [] : answeredSoon(() => keeping.sources.all(), [], engine.clock),
  ])
  void engine.keeper?.sweep(open.map(({ id }) => id))
  const known = new Map(remembered.map((upload) => [upload.id, upload]))
  const held = new Map(sources.map((source) => [source.id, source]))
  let counted = 0
  return Promise.all(
    open
      .filter(({ id }) => !isLive(id))
      .map(async (upload) => {
        const mine = known.get(upload.id)
        const way =
          keeping === null
            ? pickAgain
            : await answeredSoon(
                () => wayBackOf(keeping, upload, held.get(upload.id), mine),
                pickAgain,
                engine.clock,
                lookingTime,
              )
        const stored = mine === undefined && counted++ < countedAtMost ? await storedOf(engine, upload) : null
        return new ListedUpload(
          engine,
          desk,
          keeping,
          upload,
          way,
          mine === undefined ? stored : bytesOf(mine.parts),
        )
      }),
  )
}

class ListedUpload implements UnfinishedUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly identity: string
  readonly createdAt: string
  readonly needs: UnfinishedUpload['needs']
  readonly paused: boolean
  readonly storedBytes: number | null
  readonly #engine: Engine
  readonly #desk: UnfinishedDesk
  readonly #keeping: Keeping | null
  readonly #source: WayBack['source']

  constructor(
    engine: Engine,
    desk: UnfinishedDesk,
    keeping: Keeping | null,
    { id, name, size, identity, createdAt }: RegisteredUpload,
    { needs, source }: WayBack,
    storedBytes: number | null,
  ) {
    this.id = id
    this.name = name
    this.size = size
    this.identity = identity
    this.createdAt = createdAt
    this.needs = needs
    this.paused = source?.paused ?? false
    this.storedBytes = storedBytes
    this.#engine = engine
    this.#desk = desk
    this.#keeping = keeping
    this.#source = source
  }

  resume(): Promise<Upload>
  resume(file: FileSource): Upload
  resume(file?: FileSource): Upload | Promise<Upload> {
    return file === undefined ? this.#goOn() : this.#desk.resume(file, this, false)
  }

  async discard(): Promise<void> {
    await this.#desk.ask((signal) => this.#engine.backend.cancel(this.id, signal))
    await this.#engine.memory.delete(this.identity)
  }

  async #goOn(): Promise<Upload> {
    if (this.#keeping === null || this.#source === null) {
      throw new UploadError('file-unreadable', `Pick "${this.name}" again to go on.`)
    }
    return this.#desk.resume(await fileOf(this.#keeping, this.#source), this, true)
  }
}

async function allOpen(
  { backend, storeConnection }: Engine,
  desk: Pick<UnfinishedDesk, 'ask'>,
): Promise<readonly RegisteredUpload[]> {
  const uploads: RegisteredUpload[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { state: 'open', limit: 200, ...(cursor === undefined ? {} : { cursor }) } as const
    const page = await desk.ask((signal) => backend.list(query, signal))
    storeConnection.learn(page.storeOrigin)
    uploads.push(...page.uploads)
    cursor = page.next
  }
  return uploads
}

/** Bytes that the store holds of an upload that this browser knows nothing of; `null` when nobody can tell now. */
async function storedOf({ backend }: Engine, { id }: RegisteredUpload): Promise<number | null> {
  const never = new AbortController().signal
  return backend.parts(id, never).then(bytesOf, () => null)
}

function bytesOf(parts: RememberedUpload['parts'] | readonly { readonly size: number }[]): number {
  return parts.reduce((bytes, { size }) => bytes + size, 0)
}
