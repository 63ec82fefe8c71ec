import { expect, test } from 'vitest'
import { en } from '../language/en.js'
import { zh } from '../language/zh.js'
import { shareChoices, shareChoiceWords } from './share-choices.js'

test.each([
  [604_800, [86_400, 604_800]],
  [3 * 86_400, [86_400]],
  [3_600, [3_600]],
  [0, []],
])('of at most %i seconds it may be %j', (longest, choices) => {
  expect(shareChoices(longest)).toEqual(choices)
})

test('whole days are shown as days, other durations as they are', () => {
  const words = (seconds: number) => [shareChoiceWords(seconds, en), shareChoiceWords(seconds, zh)]
  expect(words(604_800)).toEqual(['7 days', '7 天'])
  expect(words(5_400)).toEqual(['1 h 30 min', '1小时30分'])
})
