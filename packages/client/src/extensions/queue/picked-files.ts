import type { FileSource } from '../../ports.js'
import type { Queue } from './queue.js'
import type { FollowedUpload, QueuedFile } from './queued-file.js'

/**
 * The uploader's access to the queue. Loads the queue's code on first use, so that it does not delay the first byte
 * of an upload. Nothing here ever rejects; files whose storage fails are not remembered.
 */
export class PickedFiles {
  /** Whether a pick could not be remembered: leaving the page then loses the files that have not begun. */
  forgetful = false
  /** Bytes of all copies. */
  bytes = (): number => 0
  readonly #open: (picks: PickedFiles) => Promise<Queue>
  #isLeaving = (): boolean => false
  #onForgetful = (): void => undefined
  readonly #copied = new WeakSet<FileSource>()
  #opened: Promise<Queue | null> | undefined

  constructor(open: (picks: PickedFiles) => Promise<Queue>) {
    this.#open = open
  }

  /**
   * @param isLeaving whether uploads pause now because the page is being left
   * @param onForgetful called once {@link PickedFiles.forgetful} has become true
   */
  attach(isLeaving: () => boolean, onForgetful: () => void): void {
    this.#isLeaving = isLeaving
    this.#onForgetful = onForgetful
  }

  /** `null` if it cannot be opened. */
  queue(): Promise<Queue | null> {
    return (this.#opened ??= this.#open(this).catch(() => {
      this.forget()
      return null
    }))
  }

  follow(upload: FollowedUpload, known: QueuedFile | null): void {
    void this.tell((queue) => queue.follow(upload, this.#isLeaving, known))
  }

  async tell(what: (queue: Queue) => void | Promise<void>): Promise<void> {
    const queue = await this.queue()
    if (queue === null) return
    // The pick has to be noted before changes to its files.
    try {
      while (queue.memory.noting !== null) await queue.memory.noting
      await what(queue)
    } catch {
      this.forget()
    }
  }

  /** Tells the queue only if it has been opened. */
  async tellOpened(what: (queue: Queue) => void | Promise<void>): Promise<void> {
    if (this.#opened !== undefined) await this.tell(what)
  }

  /** Whether the whole file is copied, so that no other copy is needed. */
  holds(file: FileSource): boolean {
    return this.#copied.has(file)
  }

  hold(file: FileSource): void {
    this.#copied.add(file)
  }

  forget(): void {
    if (this.forgetful) return
    this.forgetful = true
    this.#onForgetful()
  }
}
