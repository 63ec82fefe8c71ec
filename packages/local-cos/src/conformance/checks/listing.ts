import type { Check, Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

const keys = ['a', 'b/1', 'b/2', 'c', 'd']

async function givenKeys(trial: Trial): Promise<void> {
  for (const key of keys) await trial.given(key, 'x')
}

/** Keys or prefixes in a listing, without the trial's folder. */
function listed(trial: Trial, reply: Reply, element: 'Contents' | 'CommonPrefixes'): string {
  const child = element === 'Contents' ? 'Key' : 'Prefix'
  return reply.xml.children
    .filter(({ name }) => name === element)
    .map((entry) => entry.children.find(({ name }) => name === child)?.text.slice(trial.folder.length))
    .join()
}

export const listingChecks: readonly Check[] = [
  {
    name: 'GetBucket lists keys below a prefix, in order, with size, ETag and class',
    document: '436/7734',
    run: async (trial) => {
      await givenKeys(trial)
      const list = await trial.bucketGet({ prefix: trial.folder })
      trial.answers('status', list, 200)
      trial.is('keys', listed(trial, list, 'Contents'), keys.join())
      trial.is('Name', list.text('Name'), trial.bucket)
      trial.is('IsTruncated', list.text('IsTruncated'), 'false')
      const first = list.xml.children.find(({ name }) => name === 'Contents')
      const child = (name: string): string | undefined =>
        first?.children.find((one) => one.name === name)?.text
      trial.is('Size', child('Size'), '1')
      trial.is('ETag', child('ETag'), '"9dd4e461268c8034f5c8564e155c67a6"')
      trial.is('StorageClass', child('StorageClass'), 'STANDARD')
    },
  },
  {
    name: 'GetBucket groups keys by a delimiter',
    document: '436/7734',
    run: async (trial) => {
      await givenKeys(trial)
      const list = await trial.bucketGet({ prefix: trial.folder, delimiter: '/' })
      trial.is('keys', listed(trial, list, 'Contents'), 'a,c,d')
      trial.is('prefixes', listed(trial, list, 'CommonPrefixes'), 'b/')
    },
  },
  {
    name: 'GetBucket lists in pages; a group counts as one entry',
    document: '436/7734',
    run: async (trial) => {
      await givenKeys(trial)
      const query = { prefix: trial.folder, delimiter: '/', 'max-keys': '2' }
      const first = await trial.bucketGet(query)
      trial.is('IsTruncated', first.text('IsTruncated'), 'true')
      const shown = `${listed(trial, first, 'Contents')} ${listed(trial, first, 'CommonPrefixes')}`
      trial.is('first page', shown, 'a b/')
      const second = await trial.bucketGet({ ...query, marker: first.text('NextMarker') })
      trial.is('second page', listed(trial, second, 'Contents'), 'c,d')
      trial.is('IsTruncated of the last', second.text('IsTruncated'), 'false')
    },
  },
  {
    name: 'Keys are listed in the order of their UTF-8',
    document: '436/7734',
    run: async (trial) => {
      const unordered = ['ｚ', '𐀀', 'Z', 'a', 'é']
      for (const key of unordered) await trial.given(key, 'x')
      const list = await trial.bucketGet({ prefix: trial.folder })
      trial.is('keys', listed(trial, list, 'Contents'), 'Z,a,é,ｚ,𐀀')
    },
  },
  {
    name: 'encoding-type=url encodes keys in a listing',
    document: '436/7734',
    run: async (trial) => {
      await trial.given('中 +', 'x')
      const list = await trial.bucketGet({ prefix: trial.folder, 'encoding-type': 'url' })
      trial.matches('keys', listed(trial, list, 'Contents'), /%E4%B8%AD(?:%20|\+)%2B$/)
    },
  },
]
