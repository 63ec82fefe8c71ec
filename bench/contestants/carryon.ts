import { createUploader } from '@carryon/client'
import type { Uploader } from '@carryon/client'
import type { Contestant, Task } from './contestant.js'
import { noteFigure } from './figures.js'
import { enter } from './page.js'

/** Carryon as an application uses it, with its defaults and everything it verifies. */
class Carryon implements Contestant {
  #uploader: Uploader | null = null
  #figures = false

  async prepare({ settings, figures = false }: Task): Promise<void> {
    this.#figures = figures
    this.#uploader = createUploader({ backend: '/api', ...settings })
    // As a page does that shows what is unfinished; it also learns there who it is.
    await this.#uploader.unfinished()
  }

  async upload(files: readonly File[]): Promise<void> {
    const uploader = this.#uploader
    if (uploader === null) throw new Error('Not prepared')
    await Promise.all(
      files.map((file) => {
        const upload = uploader.upload(file)
        if (this.#figures) upload.on('change', ({ progress }) => noteFigure(progress.percent))
        return upload.done
      }),
    )
  }
}

enter(new Carryon())
