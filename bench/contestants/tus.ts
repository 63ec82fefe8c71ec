import { Upload } from 'tus-js-client'
import type { Contestant } from './contestant.js'
import { enter } from './page.js'

/** `tus-js-client` to `@tus/server`: every byte goes through the application's own server. Has no settings to gain from. */
class Tus implements Contestant {
  async prepare(): Promise<void> {
    // Nothing: it finds all it needs with the first request.
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
