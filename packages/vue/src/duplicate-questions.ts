import type { DuplicateChoice, OnDuplicate, Upload } from '@carryon/client'

/** Files that were added together: one answer can be for all of them. */
interface Batch {
  answer: DuplicateChoice | null
}

interface Question {
  readonly batch: Batch
  readonly answer: (choice: DuplicateChoice) => void
}

/** What is asked about files that are stored already, and not answered yet. The rows' snapshots say which. */
export class DuplicateQuestions {
  readonly #open = new Map<Upload, Question>()

  /**
   * For files that are added together.
   *
   * @returns makes the `onDuplicate` of one of them; `upload` is called when it is asked about
   */
  batch(): (upload: () => Upload) => OnDuplicate {
    const batch: Batch = { answer: null }
    return (upload) => (_, signal) => batch.answer ?? this.#ask(upload(), batch, signal)
  }

  answer(upload: Upload, choice: DuplicateChoice): void {
    const question = this.#open.get(upload)
    this.#open.delete(upload)
    question?.answer(choice)
  }

  /** For every file that is asked about now, and for those added with one of them that are still being compared. */
  answerAll(choice: DuplicateChoice): void {
    for (const [upload, { batch }] of [...this.#open]) {
      batch.answer = choice
      this.answer(upload, choice)
    }
  }

  #ask(upload: Upload, batch: Batch, signal: AbortSignal): Promise<DuplicateChoice> {
    return new Promise((resolve) => {
      this.#open.set(upload, { batch, answer: resolve })
      signal.addEventListener('abort', () => this.#open.delete(upload), { once: true })
    })
  }
}
