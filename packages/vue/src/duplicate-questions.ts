import type { DuplicateChoice, OnDuplicate, Upload } from '@carryon/client'

/** Files that were added together: one answer can be for all of them. */
interface Batch {
  answer: DuplicateChoice | null
  /** Answers about one file, which hold for those of equal content. */
  readonly ofContent: Answered[]
}

interface Answered {
  readonly choice: DuplicateChoice
  /** Id of a finished upload of that content. */
  readonly stored: string
  /** Files of that content: what is uploaded again is the newest of it from then on. */
  readonly uploads: Upload[]
}

interface Question {
  readonly batch: Batch
  /** Id of the finished upload of the same content. */
  readonly stored: string
  readonly answer: (choice: DuplicateChoice) => void
}

/** What is asked about files that are stored already, and not answered yet. The rows' snapshots say which. */
export class DuplicateQuestions {
  readonly #open = new Map<Upload, Question>()

  /**
   * For files that are added together. Who has answered about one of them is not asked about others of the same content.
   *
   * @returns makes the `onDuplicate` of one of them; `upload` is called when it is asked about
   */
  batch(): (upload: () => Upload) => OnDuplicate {
    const batch: Batch = { answer: null, ofContent: [] }
    return (upload) =>
      ({ stored: { id } }, signal) => {
        if (batch.answer !== null) return batch.answer
        const isOfContent = ({ stored, uploads }: Answered): boolean =>
          stored === id || uploads.some((one) => one.id === id)
        const answered = batch.ofContent.find(isOfContent)
        if (answered === undefined) return this.#ask(upload(), batch, id, signal)
        answered.uploads.push(upload())
        return answered.choice
      }
  }

  answer(upload: Upload, choice: DuplicateChoice): void {
    const question = this.#open.get(upload)
    this.#open.delete(upload)
    if (question === undefined) return
    const { batch, stored } = question
    batch.ofContent.push({ choice, stored, uploads: [upload] })
    question.answer(choice)
  }

  /** For every file that is asked about now, and for those added with one of them that are still being compared. */
  answerAll(choice: DuplicateChoice): void {
    for (const [upload, { batch }] of [...this.#open]) {
      batch.answer = choice
      this.answer(upload, choice)
    }
  }

  #ask(upload: Upload, batch: Batch, stored: string, signal: AbortSignal): Promise<DuplicateChoice> {
    return new Promise((resolve) => {
      this.#open.set(upload, { batch, stored, answer: resolve })
      signal.addEventListener('abort', () => this.#open.delete(upload), { once: true })
    })
  }
}
