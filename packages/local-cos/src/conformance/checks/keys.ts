import type { Check } from '../check.js'

/** "1 to 850 bytes" */
const maxKeyBytes = 850

const unusual = [
  ['of another script', '中文/файл.txt', '436/13324'],
  ['with blanks and signs of URLs', 'a b+c%20&d=e?f#g;h', '436/13324'],
  ['with quotes and brackets', `a'b"c<d>(e)[f]{g}!*~`, null],
  ['with an empty segment', 'a//b', null],
  ['that ends with a slash', 'folder/', '436/13324'],
  ['with dots for a segment', 'a/./b/../c', null],
] as const

export const keyChecks: readonly Check[] = [
  ...unusual.map(([name, key, document]): Check => ({
    name: `A key ${name} is kept as it is`,
    document,
    run: async (trial) => {
      await trial.given(key, 'x')
      trial.is('content', (await trial.object('GET', key)).body.toString(), 'x')
      const list = await trial.bucketGet({ prefix: trial.folder, 'encoding-type': 'url' })
      const listed = list.xml.children.find((child) => child.name === 'Contents')
      const found = listed?.children.find((child) => child.name === 'Key')?.text ?? ''
      trial.is('key in the listing', decodeURIComponent(found), trial.folder + key)
    },
  })),
  {
    name: 'A key has at most 850 bytes',
    document: '436/13324',
    run: async (trial) => {
      const longest = 'k'.repeat(maxKeyBytes - trial.folder.length)
      trial.answers('of 850', await trial.object('PUT', longest, { body: 'x' }), 200)
      trial.answers('of 851', await trial.object('PUT', `${longest}k`, { body: 'x' }), 400, 'KeyTooLong')
    },
  },
]
