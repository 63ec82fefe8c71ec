import { createUploader } from '@carryon/client'
import type { Uploader } from '@carryon/client'
import type { Contestant, Task } from './contestant.js'
import { noteFigure } from './figures.js'
import { enter } from './page.js'

/** Carryon as an application uses it: with its defaults and all verification. Settings are uploader options. */
class Carryon implements Contestant {
  #uploader: Uploader | null = null
  #figures = false

  async prepare({ settings, figures = false }: Task): Promise<void> {
    this.#figures = figures
    this.#uploader = createUploader({ backend: '/api', ...settings })
    // As a page does that lists unfinished uploads. This also sets up the owner's identity.
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
