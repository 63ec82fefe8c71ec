import { describe, expect, it } from 'vitest'
import { en } from './en.js'
import { zh } from './zh.js'

describe.each([
  ['en', en],
  ['zh', zh],
])('%s', (_, messages) => {
  it('says for each error what happened and what to do', () => {
    for (const { title, advice } of Object.values(messages.errors)) {
      expect(title).toMatch(/[.。]$/)
      expect(advice).toMatch(/[.。]$/)
    }
  })

  it('names the expected file, and the other one that was picked', () => {
    const words = messages.otherFile({ name: 'a.jpg', size: '10 B' }, { name: 'b.jpg', size: '11 B' })
    for (const told of ['a.jpg', '10 B', 'b.jpg', '11 B']) expect(words).toContain(told)
  })
})

it.each([
  [{ files: 1, done: 0, failed: 0 }, '0 of 1 file finished', '共 1 个文件，已完成 0 个'],
  [
    { files: 10_000, done: 1240, failed: 0 },
    '1,240 of 10,000 files finished',
    '共 10,000 个文件，已完成 1,240 个',
  ],
  [
    { files: 3, done: 1, failed: 1 },
    '1 of 3 files finished, 1 failed',
    '共 3 个文件，已完成 1 个，失败 1 个',
  ],
])('summary of %j', (counts, english, chinese) => {
  expect(en.summary(counts)).toBe(english)
  expect(zh.summary(counts)).toBe(chinese)
})

it.each([
  [{ done: 1, failed: 0, losing: 0 }, '1 file finished'],
  [{ done: 0, failed: 2, losing: 0 }, '2 failed'],
  [{ done: 0, failed: 0, losing: 1 }, '1 file lost data in storage, sending it again'],
  [{ done: 0, failed: 0, losing: 0 }, ''],
])('changes of %j', (counts, english) => {
  expect(en.changes(counts)).toBe(english)
})

it('says of a private link whether it asks for this browser or for being signed in', () => {
  expect(en.linkIsPrivate).toMatch(/only in this browser$/)
  expect(en.linkNeedsSignIn).toMatch(/while you are signed in/)
  expect(zh.linkIsPrivate).toMatch(/仅.*此浏览器/)
  expect(zh.linkNeedsSignIn).toMatch(/登录/)
})
