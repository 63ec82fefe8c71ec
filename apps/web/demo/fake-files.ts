import type { UnfinishedUpload } from '@carryon/client'
import { FakeUnfinished, type FakeUpload, type FakeUploader, type Shown } from '@carryon/vue/testing'

/** A picked or dropped file. */
export const file = (name: string, size = 2_164_900_000) => ({ name, size, type: '' })
/** Progress of an upload in progress. */
export const sending = { loaded: 710_900_000, sent: 735_000_000, speed: 12_345_678, secondsLeft: 494 }
/** A name too long for a row of any width. */
export const longName =
  '第三届城市马拉松赛事全程直播录像（4K 原始素材，未剪辑，含现场收音）2026-11-22 机位03.mp4'

/** Adds an upload of this page in the given state. */
export function add(
  uploader: FakeUploader,
  shown: Shown,
  name = 'holiday in the mountains.mp4',
  size?: number,
): FakeUpload {
  const upload = uploader.upload(file(name, size))
  upload.show(shown)
  return upload
}

/** Marks the upload as stored and verified. */
export function finish(upload: FakeUpload): void {
  const { name, size } = upload.file
  const result = {
    id: upload.id ?? '',
    url: `/api/uploads/${encodeURIComponent(name)}/object`,
    key: name,
    size,
    crc64: '1674',
    crc64Type: 'crc64ecma' as const,
    verified: ['object-crc64'] as const,
  }
  upload.show({ state: 'done', result })
}

/** An upload that an earlier page started. @param storedBytes `null`: unknown */
export function unfinished(
  uploader: FakeUploader,
  name: string,
  size: number,
  storedBytes: number | null,
  needs: UnfinishedUpload['needs'] = 'file',
  paused = false,
): UnfinishedUpload {
  return new FakeUnfinished({
    name,
    size,
    storedBytes,
    needs,
    paused,
    createdAt: new Date(Date.now() - 3 * 3600_000).toISOString(),
    begin: (file) => {
      const upload = uploader.upload({ name: file.name, size: file.size, type: '' }, name)
      upload.show({
        state: 'uploading',
        resumedBytes: storedBytes ?? 0,
        progress: { loaded: storedBytes ?? 0 },
      })
      return upload
    },
  })
}

/** A file that was picked on an earlier page but whose upload has not started. */
export function queued(
  uploader: FakeUploader,
  name: string,
  size: number,
  needs: UnfinishedUpload['needs'] = 'file',
  paused = false,
): UnfinishedUpload {
  return new FakeUnfinished({
    name,
    size,
    needs,
    paused,
    state: 'queued',
    storedBytes: 0,
    createdAt: new Date(Date.now() - 4 * 60_000).toISOString(),
    begin: (file) => uploader.upload({ name: file.name, size: file.size, type: '' }, name),
  })
}
