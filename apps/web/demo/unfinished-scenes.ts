import type { FakeUploader } from '@carryon/vue/testing'
import { add, longName, queued, unfinished } from './fake-files.js'

/** Scenes of uploads that earlier pages left unfinished. */
export const unfinishedScenes: Readonly<Record<string, (uploader: FakeUploader) => void>> = {
  unfinished: (uploader) => {
    uploader.records.unfinished = [
      unfinished(uploader, 'holiday in the mountains.mp4', 2_164_900_000, 887_600_000),
      unfinished(uploader, longName, 41_300_000_000, 30_000_000_000),
      unfinished(uploader, 'from another machine.zip', 730_000_000, null),
    ]
  },
  /** Ten files were picked, and the page was left after the first had started. */
  'queue-left': (uploader) => {
    uploader.records.unfinished = [
      unfinished(uploader, 'holiday in the mountains.mp4', 2_164_900_000, 887_600_000),
      queued(uploader, 'IMG_0001.heic', 4_200_000),
      queued(uploader, longName, 41_300_000_000),
      queued(uploader, 'IMG_0003.heic', 4_300_000, 'nothing', true),
      queued(uploader, 'behind a handle.mov', 730_000_000, 'permission'),
      queued(uploader, 'behind another handle.mov', 730_000_000, 'permission'),
    ]
  },
  /** One upload for each way to resume. None resumes by itself, so screenshots are stable. */
  'going-on': (uploader) => {
    uploader.records.unfinished = [
      unfinished(uploader, 'behind a handle.mp4', 2_164_900_000, 887_600_000, 'permission'),
      unfinished(uploader, longName, 41_300_000_000, 30_000_000_000, 'nothing', true),
      unfinished(uploader, 'from another machine.zip', 730_000_000, null),
    ]
  },
  asking: (uploader) => {
    add(uploader, { state: 'paused', progress: { loaded: 1_200_000_000 } }, longName)
    uploader.records.unfinished = [
      unfinished(uploader, 'holiday in the mountains.mp4', 2_164_900_000, 887_600_000),
      unfinished(uploader, 'from another machine.zip', 730_000_000, null),
    ]
  },
}
