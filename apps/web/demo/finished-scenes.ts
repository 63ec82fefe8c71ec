import type { UploadTerms } from '@carryon/vue'
import type { FakeUploader } from '@carryon/vue/testing'
import { add, finish, longName } from './fake-files.js'

/** Sets the server's terms, without limits. */
function tell(uploader: FakeUploader, terms: Partial<UploadTerms> = {}): void {
  const none = { openFiles: null, openBytes: null, totalBytes: null }
  uploader.records.limits = {
    limits: { maxFileBytes: 5 * 2 ** 40, mediaTypes: null, extensions: null, ...none },
    used: { openFiles: 0, openBytes: 0, totalBytes: 0 },
    left: none,
    terms: {
      storeHost: 'carryon-1250000000.cos.ap-guangzhou.myqcloud.com',
      unfinishedDays: 7,
      finishedDays: null,
      anonymous: true,
      shareSeconds: 7 * 86_400,
      ...terms,
    },
  }
}

function list(uploader: FakeUploader): void {
  const files = [
    [longName, 41_300_000_000, 'video/mp4'],
    ['beach.png', 3_400_000, 'image/png'],
    ['report.pdf', 1_200_000, 'application/pdf'],
    ['page.html', 12_000, 'text/html'],
  ] as const
  uploader.records.finished = files.map(([name, size, type], index) => ({
    id: `finished-${index}`,
    name,
    size,
    type,
    url: `/api/uploads/finished-${index}/object`,
    finishedAt: new Date(Date.UTC(2026, 10, 21, 9, 30 - index)).toISOString(),
  }))
}

/** Scenes of finished files and their actions. */
export const finishedScenes: Readonly<Record<string, (uploader: FakeUploader) => void>> = {
  done: (uploader) => {
    finish(add(uploader, { resumedBytes: 865_000_000 }, longName))
    finish(add(uploader, {}, 'report.pdf', 3_400_000))
    finish(add(uploader, {}, 'empty.txt', 0))
    uploader.records.finished = Array.from({ length: 30 }, (_, index) => ({
      id: `finished-${index}`,
      name: `IMG_${2030 - index}.heic`,
      size: 4_200_000 + index * 31_000,
      url: `/api/uploads/${index}/object`,
      finishedAt: new Date(Date.UTC(2026, 10, 21, 9, 60 - index)).toISOString(),
    }))
  },
  sharing: (uploader) => {
    tell(uploader)
    list(uploader)
  },
  'signed-in': (uploader) => {
    tell(uploader, { anonymous: false, finishedDays: 30 })
    list(uploader)
  },
  /** Files that were deleted on the server after they were listed: every action on them fails. */
  gone: (uploader) => {
    tell(uploader)
    list(uploader)
    const fail = async (): Promise<never> => {
      throw new Error('not found')
    }
    Object.assign(uploader, { renameFinished: fail, removeFinished: fail })
  },
  'not-sharing': (uploader) => {
    tell(uploader, { shareSeconds: 0 })
    list(uploader)
  },
  /** Signed in, without permission to share. */
  'signed-in-alone': (uploader) => {
    tell(uploader, { anonymous: false, shareSeconds: 0 })
    list(uploader)
  },
}
