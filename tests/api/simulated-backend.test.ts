import { expect, test } from 'vitest'
import { Kit } from '../../apps/carryon/src/conformance/contract/kit.js'
import {
  backendContract,
  runCheck,
  type CheckOutcome,
} from '../../apps/carryon/src/conformance/contract/run-contract.js'
import { simulatedSubject } from './support/simulated-subject.js'

/** Checks of behaviour no client relies on, so the simulation need not have it; each with its reason. */
const notSimulated = new Map([
  ['refuses a body that is not valid, with 400', 'its caller is typed'],
  ['refuses another size, and ETags that are too few, and leaves the upload open', 'its caller is typed'],
  ['refuses a body that any foreign page can send', 'there are no bodies'],
  ['is for the one key of its upload', 'a token of it is for the store'],
  ['answers the open uploads, newest first, in pages', 'one page has all'],
])

test.each(['credentials', 'urls'] as const)(
  'the server that the client is tested with keeps the contract of the real one: %s',
  async (mode) => {
    const kit = new Kit(simulatedSubject(mode))
    const asked = backendContract.filter(({ holds }) => !notSimulated.has(holds))
    expect(asked.length).toBe(backendContract.length - notSimulated.size)
    const outcomes: CheckOutcome[] = []
    for (const check of asked) outcomes.push(await runCheck(check, kit))
    const wrong = outcomes
      .filter(({ result }) => result === 'fails' || result === 'skipped')
      .map(({ check, why }) => `${check.about}: ${check.holds}: ${why}`)
    expect(wrong).toEqual([])
    const absent = outcomes.filter(({ result }) => result === 'absent').map(({ check }) => check.about)
    expect(
      absent.filter((about) => !['owner', 'store', 'rename', 'remove', 'limits', 'grant'].includes(about)),
    ).toEqual([])
  },
)
