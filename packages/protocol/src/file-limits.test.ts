import { expect, test } from 'vitest'
import { refusalOf } from './file-limits.js'
import type { FileLimits } from './file-limits.js'

const none: FileLimits = { maxFileBytes: 100, mediaTypes: null, extensions: null }

test.each<readonly [Partial<FileLimits>, string, string, number, string | null]>([
  [{}, 'a.jpg', '', 100, null],
  [{}, 'a.jpg', '', 101, 'too-large'],
  [{ mediaTypes: ['image/*'] }, 'a.jpg', 'image/JPEG; q=1', 1, null],
  [{ mediaTypes: ['image/*'] }, 'a.jpg', 'imagery/jpeg', 1, 'media-type'],
  [{ mediaTypes: ['image/*'] }, 'a.jpg', '', 1, 'media-type'],
  [{ mediaTypes: ['*/*'] }, 'a', '', 1, null],
  [{ mediaTypes: ['Video/MP4'] }, 'a', 'video/mp4', 1, null],
  [{ mediaTypes: [] }, 'a', 'video/mp4', 1, 'media-type'],
  [{ extensions: ['.JPG', 'png'] }, 'a.b.jpg', '', 1, null],
  [{ extensions: ['jpg'] }, 'jpg', '', 1, 'extension'],
  [{ mediaTypes: ['image/*'], extensions: ['jpg'] }, 'a.png', 'image/png', 1, 'extension'],
])('of %j, %s (%s) of %i bytes: %s', (limits, name, type, size, refusal) => {
  expect(refusalOf({ ...none, ...limits }, { name, size, type })).toBe(refusal)
})
