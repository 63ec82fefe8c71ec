import { expect, test } from 'vitest'
import { shareChoices } from './share-choices.js'

test.each([
  [604_800, [86_400, 604_800]],
  [3 * 86_400, [86_400]],
  [3_600, [3_600]],
  [0, []],
])('of at most %i seconds it may be %j', (longest, choices) => {
  expect(shareChoices(longest)).toEqual(choices)
})
