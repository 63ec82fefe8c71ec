import { Upload } from 'tus-js-client'
import type { Contestant } from './contestant.js'
import { enter } from './page.js'

/** `tus-js-client` to `@tus/server`: every byte passes through the application's server. No setting speeds it up. */
class Tus implements Contestant {
  async prepare(): Promise<void> {
    // Nothing to prepare.
  }

  async upload(files: readonly File[]): Promise<void> {
    await Promise.all(
      files.map(
        (file) =>
          new Promise<void>((resolve, reject) => {
            new Upload(file, {
              endpoint: '/files',
              metadata: { filename: file.name },
              onSuccess: () => resolve(),
              onError: reject,
            }).start()
          }),
      ),
    )
  }
}

enter(new Tus())
