import { UploadError, type UploadSnapshot, type UploadState } from '@carryon/client'
import { describe, expect, it } from 'vitest'
import { en } from '../language/en.js'
import { zh } from '../language/zh.js'
import { createFakeUpload, type Shown } from '../testing/fake-upload.js'
import {
  fallWords,
  labelledFigures,
  palePercent,
  progressWords,
  resumedWords,
  stateWords,
  toneOf,
} from './row-words.js'
import { askedAbout, canPause, canTryNow, isActive, isMuchSent, isPaused } from './upload-state.js'

function snapshot(shown: Shown, size = 2_164_900_000): UploadSnapshot {
  const upload = createFakeUpload({ name: 'a', size, type: '' }, 'a')
  upload.show(shown)
  return upload.snapshot
}

describe('progressWords', () => {
  const sending = snapshot({
    state: 'uploading',
    progress: { loaded: 710_900_000, speed: 12_345_678, secondsLeft: 494 },
  })

  it('gives percent, bytes, speed and time left while uploading', () => {
    expect(progressWords(sending, zh)).toEqual(['32.8%', '710.9MB/2164.9MB', '12.3MB/s', '剩余 8分14秒'])
    expect(progressWords(sending, en)).toEqual([
      '32.8%',
      '710.9 MB/2164.9 MB',
      '12.3 MB/s',
      '8 min 14 s left',
    ])
  })

  it('says what each is, for who hears the bar and in the details', () => {
    expect(labelledFigures(sending, zh)).toEqual([
      { label: '上传进度', value: '32.8%，710.9MB/2164.9MB' },
      { label: '当前速度', value: '12.3MB/s' },
      { label: '剩余时间', value: '8分14秒' },
    ])
    expect(labelledFigures(snapshot({ state: 'paused' }), en)).toEqual([
      { label: 'Upload progress', value: '0%, 0.0 MB/2164.9 MB' },
    ])
  })

  it('gives one dash for what is not known yet, and for a speed of nothing', () => {
    const unknown = ['0.0%', '0.0 MB/2164.9 MB', '–']
    expect(progressWords(snapshot({ state: 'uploading' }), en)).toEqual(unknown)
    const stalled = snapshot({ state: 'uploading', progress: { speed: 0, secondsLeft: null } })
    expect(progressWords(stalled, en)).toEqual(unknown)
  })

  it('leaves out speed and time left while nothing is sent', () => {
    expect(progressWords(snapshot({ state: 'paused', progress: { loaded: 1e9 } }), en)).toEqual([
      '46.1%',
      '1000.0 MB/2164.9 MB',
    ])
  })

  it('has words for a file of no bytes', () => {
    expect(progressWords(snapshot({ state: 'finishing' }, 0), en)).toEqual(['0%', '0 B/0 B'])
  })
})

describe('an upload that another tab has', () => {
  const there = (state: UploadState): UploadSnapshot =>
    snapshot({
      state: 'waiting',
      waitReason: 'other-tab',
      otherTab: { state },
      progress: { loaded: 710_900_000, speed: 12_345_678, secondsLeft: 494 },
    })

  it('shows the figures of that tab, live', () => {
    expect(progressWords(there('uploading'), en)).toEqual([
      '32.8%',
      '710.9 MB/2164.9 MB',
      '12.3 MB/s',
      '8 min 14 s left',
    ])
    expect(stateWords(there('uploading'), zh)).toBe('正在另一个标签页上传')
  })

  it('is paused and resumed from here', () => {
    expect([canPause(there('uploading')), isPaused(there('uploading'))]).toEqual([true, false])
    expect([canPause(there('paused')), isPaused(there('paused'))]).toEqual([false, true])
    expect(stateWords(there('paused'), en)).toMatch(/^Paused/)
    expect(stateWords(there('paused'), zh)).toBe('已在另一个标签页暂停')
    expect(progressWords(there('paused'), en)).toEqual(['32.8%', '710.9 MB/2164.9 MB'])
  })
})

describe('stateWords', () => {
  it('says what is waited for', () => {
    expect(stateWords(snapshot({ state: 'waiting', waitReason: 'network' }), en)).toMatch(/No connection/)
    expect(stateWords(snapshot({ state: 'waiting', waitReason: 'queue' }), zh)).toBe('排队中')
    expect(stateWords(snapshot({ state: 'finishing' }), zh)).toBe('正在校验，马上完成')
  })
})

describe('a wait for another attempt', () => {
  const now = new Date(2026, 10, 20, 13, 0).getTime()
  const wordsOf = (shown: Shown, messages = en): string =>
    stateWords(snapshot({ state: 'waiting', ...shown }), messages, now)
  const soon = { retryAt: now + 15_000 }
  const strange = new UploadError('unexpected-answer', 'answered 404 (text/html)')

  it('names the host that cannot be reached', () => {
    const shown = { waitReason: 'store-unreachable', host: 'bucket.cos.example.com', ...soon } as const
    for (const messages of [en, zh]) expect(wordsOf(shown, messages)).toContain('bucket.cos.example.com')
  })

  it('says until when the server asks to wait', () => {
    const shown = { waitReason: 'rate-limited', retryAt: now + 5 * 60_000 } as const
    expect(wordsOf(shown)).toMatch(/until 1:05\sPM/)
    expect(wordsOf(shown, zh)).toContain('13:05')
  })

  it.each([
    [15_000, '15 s', '15秒'],
    [59_100, '1 min 0 s', '1分0秒'],
    [-5_000, '1 s', '1秒'],
  ])('says for how long where the server asks for little: %s ms', (left, english, chinese) => {
    const shown = { waitReason: 'rate-limited', retryAt: now + left } as const
    expect(wordsOf(shown)).toBe(`The server asks to wait ${english}. Resumes automatically`)
    expect(wordsOf(shown, zh)).toBe(`服务器要求等待 ${chinese}，之后自动继续`)
  })

  it('gives the date where the wait lasts over midnight', () => {
    for (const waitReason of ['rate-limited', 'service'] as const) {
      const shown = { waitReason, retryAt: now + 12 * 3600_000 } as const
      expect(wordsOf(shown)).toMatch(/Nov 21, 2026/)
      expect(wordsOf(shown, zh)).toMatch(/2026年11月21日 01:00/)
    }
  })

  it('says until when only where that is not soon', () => {
    expect(wordsOf({ waitReason: 'service', ...soon })).toBe(en.waiting.service)
    expect(wordsOf({ waitReason: 'service', retryAt: now + 4 * 60_000 })).toMatch(/at 1:04\sPM/)
  })

  it('says what does not answer where that is known', () => {
    const lastError = new UploadError('store-unavailable', 'No answer.')
    expect(wordsOf({ waitReason: 'service', lastError })).toBe(en.waiting['store-unreachable'])
    const cause = Object.assign(new Error('No answer.'), { name: 'BackendError' })
    const silent = new UploadError('network', 'No answer.', { cause })
    expect(wordsOf({ waitReason: 'network', lastError: silent })).toBe(en.waitingForServer)
  })

  it('says what happened where that is known', () => {
    expect(wordsOf({ waitReason: 'service', lastError: strange, ...soon })).toBe(
      `${en.errors['unexpected-answer'].title} ${en.waiting.service}`,
    )
    const lost = new UploadError('network', 'Failed to fetch')
    expect(wordsOf({ waitReason: 'network', lastError: lost, ...soon })).toBe(en.waiting.network)
  })

  it.each(['network', 'service', 'store-unreachable', 'rate-limited'] as const)(
    'can be cut short, paused and left out: %s',
    (waitReason) => {
      const waiting = snapshot({ state: 'waiting', waitReason, ...soon })
      expect([canTryNow(waiting), canPause(waiting), isActive(waiting)]).toEqual([true, true, true])
      expect(toneOf(waiting)).toBe('waiting')
    },
  )

  it('is none while an upload waits for its turn', () => {
    expect(canTryNow(snapshot({ state: 'waiting', waitReason: 'queue' }))).toBe(false)
  })
})

describe('a file that may be stored already', () => {
  const stored = {
    id: 'i',
    name: 'a.mp4',
    size: 2_164_900_000,
    url: '/i',
    finishedAt: '2026-11-20T13:00:00Z',
  }
  const comparing = snapshot({ state: 'identifying', duplicate: { stored: null, compared: 865_960_000 } })
  const found = snapshot({
    state: 'waiting',
    waitReason: 'choice',
    duplicate: { stored, compared: 2_164_900_000 },
  })

  it('shows how far it is compared, apart from what is stored', () => {
    expect(stateWords(comparing, en)).toBe("Checking whether it's already uploaded: 40%")
    expect(stateWords(comparing, zh)).toBe('正在检查是否已上传过：40%')
    expect([comparing.progress.percent, palePercent(comparing)]).toEqual([0, 40])
    expect(askedAbout(comparing)).toBeNull()
  })

  it('is asked about once it is', () => {
    expect(askedAbout(found)).toBe(stored)
    expect([canPause(found), isPaused(found), isActive(found)]).toEqual([false, false, false])
    expect(stateWords(found, en)).toMatch(/^Already uploaded/)
    expect(toneOf(found)).toBe('waiting')
  })

  it('says that nothing was sent of one that was used', () => {
    const result = {
      id: 'i',
      url: '/i',
      key: 'k',
      size: 1,
      crc64: null,
      crc64Type: 'crc64ecma',
      verified: ['size'],
      reused: true,
    } as const
    expect(resumedWords(snapshot({ state: 'done', result }), en)).toMatch(/nothing was sent/)
  })
})

describe('fallWords', () => {
  it.each(['uploading', 'waiting', 'paused', 'finishing', 'failed'] as const)(
    'says while %s what the store has lost',
    (state) => {
      const losing = snapshot({ state, progress: { loaded: 5e8, lost: 12_300_000 } })
      expect(fallWords(losing, en)).toMatch(/^12\.3 MB went missing.*sent again$/)
      expect(fallWords(losing, zh)).toMatch(/12\.3MB.*丢失.*重新上传$/)
    },
  )

  it.each(['waiting', 'paused', 'failed'] as const)('says while %s what was on its way', (state) => {
    expect(fallWords(snapshot({ state, progress: { givenUp: 2e6 } }), en)).toMatch(/^2\.0 MB in transit/)
    expect(fallWords(snapshot({ state, progress: { givenUp: 2e3 } }), en)).toBe(null)
  })

  it('says nothing where nothing has fallen', () => {
    expect(fallWords(snapshot({ state: 'uploading' }), en)).toBe(null)
    expect(fallWords(snapshot({ state: 'done', progress: { lost: 5 } }), en)).toBe(null)
  })
})

describe('resumedWords', () => {
  it('says where it went on', () => {
    expect(resumedWords(snapshot({ state: 'uploading', resumedBytes: 865_960_000 }), en)).toBe(
      'Resumed from 40%',
    )
    expect(resumedWords(snapshot({ state: 'uploading' }), en)).toBe(null)
  })
})

describe('toneOf', () => {
  it.each([
    [{ state: 'uploading' }, 'running'],
    [{ state: 'waiting', waitReason: 'network' }, 'waiting'],
    [{ state: 'waiting', waitReason: 'queue' }, 'still'],
    [{ state: 'paused' }, 'still'],
    [{ state: 'failed' }, 'failed'],
    [{ state: 'done' }, 'done'],
  ] as const)('%j → %s', (shown, tone) => {
    expect(toneOf(snapshot(shown))).toBe(tone)
  })
})

describe('isMuchSent', () => {
  it.each([
    [99e6, null, false],
    [100e6, null, true],
    [500e6, 50e6, true],
    [40e6, 1e6, false],
    [40e6, 0.5e6, true],
    [40e6, 0, false],
  ])('%s bytes at %s bytes/s → %s', (loaded, speed, much) => {
    expect(isMuchSent(snapshot({ state: 'uploading', progress: { loaded, speed } }))).toBe(much)
  })
})
