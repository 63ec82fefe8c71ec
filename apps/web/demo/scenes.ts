import { UploadError, type UploadErrorCode } from '@carryon/client'
import type { FakeUploader, Shown } from '@carryon/vue/testing'
import { add, file, finish, longName, sending, unfinished } from './fake-files.js'
import { finishedScenes } from './finished-scenes.js'
import { manyScenes } from './many-scenes.js'
import { unfinishedScenes } from './unfinished-scenes.js'

/** All error codes; omitting one is a type error. */
const codes = Object.keys({
  'file-changed': true,
  'file-unreadable': true,
  'permission-denied': true,
  'file-too-large': true,
  network: true,
  unauthorized: true,
  forbidden: true,
  'forbidden-origin': true,
  'invalid-request': true,
  'upload-gone': true,
  'checksum-mismatch': true,
  'store-denied': true,
  'store-full': true,
  'store-unavailable': true,
  'store-misconfigured': true,
  'server-error': true,
  'unexpected-answer': true,
  'insecure-connection': true,
  'page-outdated': true,
  'unsupported-browser': true,
  internal: true,
} satisfies Record<Exclude<UploadErrorCode, 'cancelled'>, true>) as UploadErrorCode[]

/** Each scene shows the page in one state. */
export const scenes: Readonly<Record<string, (uploader: FakeUploader) => void>> = {
  ...finishedScenes,
  ...unfinishedScenes,
  ...manyScenes,
  empty: () => undefined,
  /** Two components on one page. */
  two: () => undefined,
  states: (uploader) => {
    add(uploader, { state: 'uploading', progress: sending })
    add(
      uploader,
      {
        state: 'uploading',
        progress: { loaded: 41_300_000_000, sent: 42e9, speed: 101_200_000, secondsLeft: 7512 },
      },
      'disk-image.img',
      100e9,
    )
    add(
      uploader,
      { state: 'paused', progress: { loaded: 1_200_000_000 }, resumedBytes: 865_000_000 },
      longName,
    )
    add(
      uploader,
      { state: 'waiting', waitReason: 'network', progress: { loaded: 900_000_000 } },
      'lecture recording 07.mov',
    )
    add(
      uploader,
      { state: 'waiting', waitReason: 'service', progress: { loaded: 900_000_000 } },
      'lecture recording 08.mov',
    )
    add(
      uploader,
      { state: 'waiting', waitReason: 'other-tab', progress: { loaded: 300_000_000 } },
      'backup.tar.zst',
    )
    add(uploader, { state: 'waiting', waitReason: 'same-file' }, 'backup (copy).tar.zst')
    add(uploader, { state: 'identifying' }, '../空 格&<b>.bin', 532)
    add(uploader, { state: 'opening' }, 'a'.repeat(180))
    add(uploader, { state: 'finishing', progress: { loaded: 2_164_900_000 } }, 'finale.mp4')
    add(uploader, { state: 'waiting', waitReason: 'queue' }, 'IMG_0003.heic', 4_200_000)
  },
  /** Files from picked folders. */
  folders: (uploader) => {
    const inFolder = (path: string, shown: Shown): void => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const brought = { ...file(name, 730_000_000), webkitRelativePath: path }
      uploader.upload(brought).show(shown)
    }
    inFolder('films/clip 9.mp4', {
      state: 'uploading',
      progress: { ...sending, loaded: 310_000_000, sent: 320_000_000 },
    })
    inFolder('films/clip 10.mp4', { state: 'waiting', waitReason: 'queue' })
    inFolder(`films/day 2/${longName}`, { state: 'waiting', waitReason: 'queue' })
    inFolder(`films/${'a folder within a folder/'.repeat(6)}end.mp4`, {
      state: 'waiting',
      waitReason: 'queue',
    })
  },
  /** Left-to-right and right-to-left names, and names that try to disguise themselves. */
  names: (uploader) => {
    for (const name of [
      'חופשה בהרים.mp4',
      'عطلة في الجبال.mp4',
      'photo\u202Egpj.exe',
      '<img src=x>.png',
      '👩‍👩‍👧 party.mov',
    ]) {
      add(uploader, { state: 'uploading', progress: sending }, name)
      finish(add(uploader, {}, name))
    }
    uploader.records.unfinished = [unfinished(uploader, 'חופשה בהרים 2.mp4', 2_164_900_000, 887_600_000)]
  },
  failed: (uploader) => {
    for (const code of codes) {
      const requestId = code.startsWith('store') ? 'NjdmOTY4ZGRfNWE0ZjJhMDlfMzZjMl8xYzk0' : undefined
      const error = new UploadError(code, code, { requestId })
      add(uploader, { state: 'failed', error, progress: { loaded: 400_000_000 } }, `${code}.mp4`)
    }
  },
  /** Uploads are limited. */
  limits: (uploader) => {
    const none = { openFiles: null, openBytes: null }
    uploader.records.limits = {
      limits: {
        maxFileBytes: 50_000_000_000,
        mediaTypes: ['video/*', 'image/*', 'application/pdf'],
        extensions: null,
        totalBytes: 200_000_000_000,
        ...none,
      },
      used: { openFiles: 0, openBytes: 0, totalBytes: 78_400_000_000 },
      left: { totalBytes: 121_600_000_000, ...none },
    }
  },
  /** The browser cannot remember uploads. */
  forgetful: (uploader) => {
    uploader.records.remembers = false
    add(uploader, { state: 'uploading', progress: sending })
    add(uploader, { state: 'waiting', waitReason: 'queue' }, 'IMG_0003.heic', 4_200_000)
  },
  /** Files whose content is already stored: being compared, asked about, reused. */
  'stored-before': (uploader) => {
    const found = (name: string, size: number) => ({
      stored: { id: name, name, size, url: '', finishedAt: '2026-11-20T06:12:00.000Z' },
      compared: size,
    })
    const asking = { state: 'waiting', waitReason: 'choice' } as const
    add(uploader, { ...asking, duplicate: found('holiday in the mountains.mp4', 2_164_900_000) })
    add(uploader, { state: 'waiting', waitReason: 'same-file' }, 'holiday (copy).mp4')
    add(uploader, { ...asking, duplicate: found(longName, 41_300_000_000) }, 'race day.mp4', 41_300_000_000)
    add(
      uploader,
      { state: 'identifying', duplicate: { stored: null, compared: 40e9 } },
      'disk-image.img',
      100e9,
    )
    add(uploader, { state: 'uploading', progress: sending }, 'new.mp4')
    const result = {
      url: '/api/uploads/1/object',
      key: 'k',
      size: 3_400_000,
      crc64: '1',
      reused: true,
    } as const
    const used = add(uploader, {}, 'report.pdf', 3_400_000)
    used.show({
      state: 'done',
      result: { id: used.id ?? '', verified: ['object-crc64'], crc64Type: 'crc64ecma', ...result },
    })
  },
  /** The store does not answer. */
  away: (uploader) => {
    const lastError = new UploadError('store-unavailable', 'The store does not answer.')
    for (const name of ['holiday in the mountains.mp4', 'lecture recording 07.mov', 'disk-image.img']) {
      add(
        uploader,
        {
          state: 'waiting',
          waitReason: 'service',
          lastError,
          retryAt: Date.now() + 45_000,
          progress: { loaded: 900_000_000 },
        },
        name,
      )
    }
  },
  'no-records': (uploader) => {
    uploader.records.error = new UploadError('network', 'The server does not answer.')
  },
}
