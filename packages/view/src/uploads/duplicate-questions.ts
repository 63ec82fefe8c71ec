import type { DuplicateChoice, OnDuplicate, Upload, UploadOptions } from '@carryon/client'

/** Begins uploads that are added together. */
export interface AddedTogether {
  /** Begins one of them. */
  readonly begin: (begin: (options: UploadOptions) => Upload) => Upload
  /** Like `begin`, for uploads that begin asynchronously. */
  readonly beginLater: (begin: (options: UploadOptions) => Promise<Upload>) => Promise<Upload>
}

/** Asks no question: the uploader's `onDuplicate` applies. */
export const unasked: AddedTogether = { begin: (begin) => begin({}), beginLater: (begin) => begin({}) }

/** Files that were added together; one answer can apply to all of them. */
interface Batch {
  answer: DuplicateChoice | null
  /** Answers about single files, which also apply to files of equal content. */
  readonly ofContent: Answered[]
}

/** Returns the upload in question; `null` until it is known. */
type Asked = () => Upload | null

interface Answered {
  readonly choice: DuplicateChoice
  /** Id of a finished upload of that content. */
  readonly stored: string
  /** Files of that content. If one of them is uploaded again, it becomes the newest stored upload of that content. */
  readonly uploads: Asked[]
}

interface Question {
  readonly asked: Asked
  readonly batch: Batch
  /** Id of the finished upload of the same content. */
  readonly stored: string
  readonly answer: (choice: DuplicateChoice) => void
}

/**
 * Unanswered questions about files whose content is already stored. The rows' snapshots show which files those are.
 */
export class DuplicateQuestions {
  readonly #open = new Set<Question>()
  readonly #batches = new WeakMap<Upload, Batch>()

  /**
   * Begins a batch of files. An answer about one file also applies to the other files of equal content in the batch.
   */
  together(): AddedTogether {
    const batch: Batch = { answer: null, ofContent: [] }
    const prepare = (): { readonly options: UploadOptions; readonly began: (upload: Upload) => Upload } => {
      let known: Upload | null = null
      const began = (upload: Upload): Upload => {
        known = upload
        this.#batches.set(upload, batch)
        return upload
      }
      return { options: { onDuplicate: this.#onDuplicate(batch, () => known) }, began }
    }
    return {
      begin: (begin) => {
        const { options, began } = prepare()
        return began(begin(options))
      },
      beginLater: async (begin) => {
        const { options, began } = prepare()
        return began(await begin(options))
      },
    }
  }

  /** Identifies the batch of an upload; `null` for uploads that no question is asked about. */
  batchOf(upload: Upload): object | null {
    return this.#batches.get(upload) ?? null
  }

  /** Answers the question about one upload, if there is one. */
  answer(upload: Upload, choice: DuplicateChoice): void {
    for (const question of this.#open) if (question.asked() === upload) this.#answer(question, choice)
  }

  /** Answers all open questions, and those of files in the same batches that are still being compared. */
  answerAll(choice: DuplicateChoice): void {
    for (const question of this.#open) {
      question.batch.answer = choice
      this.#answer(question, choice)
    }
  }

  #answer(question: Question, choice: DuplicateChoice): void {
    const { asked, batch, stored, answer } = question
    this.#open.delete(question)
    batch.ofContent.push({ choice, stored, uploads: [asked] })
    answer(choice)
  }

  #onDuplicate(batch: Batch, asked: Asked): OnDuplicate {
    return ({ stored: { id } }, signal) => {
      if (batch.answer !== null) return batch.answer
      const isOfContent = ({ stored, uploads }: Answered): boolean =>
        stored === id || uploads.some((one) => one()?.id === id)
      const answered = batch.ofContent.find(isOfContent)
      if (answered === undefined) return this.#ask(asked, batch, id, signal)
      answered.uploads.push(asked)
      return answered.choice
    }
  }

  #ask(asked: Asked, batch: Batch, stored: string, signal: AbortSignal): Promise<DuplicateChoice> {
    return new Promise((resolve) => {
      const question = { asked, batch, stored, answer: resolve }
      this.#open.add(question)
      signal.addEventListener('abort', () => this.#open.delete(question), { once: true })
    })
  }
}
