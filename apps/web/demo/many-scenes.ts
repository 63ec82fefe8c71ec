import { UploadError } from '@carryon/client'
import type { FakeUploader } from '@carryon/vue/testing'
import { add, finish, queued } from './fake-files.js'

/** Adds `count` files: an eighth is finished, a few are in progress, the others are queued. */
function addMany(uploader: FakeUploader, count: number): void {
  const done = Math.floor(count * 0.124)
  for (let index = 0; index < count; index += 1) {
    const upload = add(uploader, { state: 'waiting', waitReason: 'queue' }, `IMG_${index}.heic`, 4_200_000)
    if (index < done) finish(upload)
    else if (index < done + 6)
      upload.show({ state: 'uploading', progress: { loaded: 2_100_000, speed: 2_000_000, secondsLeft: 2 } })
  }
}

/** Scenes with many files. */
export const manyScenes: Readonly<Record<string, (uploader: FakeUploader) => void>> = {
  'twenty-failed': (uploader) => {
    for (let index = 0; index < 20; index += 1) {
      const error = new UploadError('network', 'The connection was lost.')
      add(
        uploader,
        { state: 'failed', error, progress: { loaded: 1_000_000 } },
        `IMG_${index}.heic`,
        4_200_000,
      )
    }
  },
  'ten-handles': (uploader) => {
    uploader.records.unfinished = Array.from({ length: 10 }, (_, index) =>
      queued(uploader, `IMG_${index}.heic`, 4_200_000, 'permission'),
    )
  },
  many: (uploader) => addMany(uploader, 10_000),
  thousand: (uploader) => addMany(uploader, 1_000),
  /** Ten thousand files picked at once, of which a hundred finish per second. */
  busy: (uploader) => {
    setTimeout(() => {
      for (let index = 0; index < 10_000; index += 1) {
        add(uploader, { state: 'waiting', waitReason: 'queue' }, `IMG_${index}.heic`, 4_200_000)
      }
      let next = 0
      setInterval(() => {
        for (const upload of uploader.uploads.slice(next, next + 10)) finish(upload)
        next += 10
        for (const upload of uploader.uploads.slice(next, next + 6)) {
          upload.show({
            state: 'uploading',
            progress: { loaded: Math.random() * 4_200_000, speed: 2e6, secondsLeft: 1 },
          })
        }
      }, 100)
    }, 1000)
  },
}
