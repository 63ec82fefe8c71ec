import type { FileSource } from '../../ports.js'
import type { Queue } from './queue.js'
import type { FollowedUpload, QueuedFile } from './queued-file.js'

/**
 * The queue as the uploader holds it: loaded when it is first needed, for the first byte of an upload waits for no code
 * but its own. Nothing here ever rejects; what fails is not remembered.
 */
export class PickedFiles {
  /** Whether a pick could not be remembered: then leaving the page forgets what has not begun. */
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
   * @param isLeaving whether what pauses now does so because the page goes
   * @param onForgetful called once {@link PickedFiles.forgetful} has become true
   */
  attach(isLeaving: () => boolean, onForgetful: () => void): void {
    this.#isLeaving = isLeaving
    this.#onForgetful = onForgetful
  }

  /** `null` when it cannot be had. */
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
    // What becomes of a file is told after it was picked.
    try {
      while (queue.memory.noting !== null) await queue.memory.noting
      await what(queue)
    } catch {
      this.forget()
    }
  }

  /** To the queue, if there is one by now. */
  async tellOpened(what: (queue: Queue) => void | Promise<void>): Promise<void> {
    if (this.#opened !== undefined) await this.tell(what)
  }

  /** Whether all of the file is copied: then nothing else has to keep it. */
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
