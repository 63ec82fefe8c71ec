import { md5Base64, type Check, type Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'

async function putTags(trial: Trial, count: number): Promise<Reply> {
  const tags = Array.from({ length: count }, (_, index) => `<Tag><Key>k${index}</Key><Value>v</Value></Tag>`)
  const body = `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>`
  const headers = { 'content-type': 'application/xml', 'content-md5': md5Base64(body) }
  return trial.object('PUT', 'a', { query: { tagging: '' }, headers, body })
}

export const attributeChecks: readonly Check[] = [
  {
    name: 'Tags of an object are kept, given back and deleted',
    document: '436/42997',
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.answers('put', await putTags(trial, 2), 200)
      const get = async (): Promise<string> => {
        const reply = await trial.object('GET', 'a', { query: { tagging: '' } })
        return reply.xml.children
          .flatMap(({ children }) => children)
          .map((tag) => tag.children.map(({ text }) => text).join('='))
          .join()
      }
      trial.is('get', await get(), 'k0=v,k1=v')
      trial.answers('delete', await trial.object('DELETE', 'a', { query: { tagging: '' } }), 204)
      trial.is('get after', await get(), '')
    },
  },
  {
    name: 'An object has at most 10 tags',
    document: '436/42997',
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.is('status of 11', (await putTags(trial, 11)).status, 400)
    },
  },
  {
    name: 'The ACL of an object is given back',
    document: '436/7748',
    run: async (trial) => {
      await trial.given('a', 'x', { 'x-cos-acl': 'private' })
      const reply = await trial.object('GET', 'a', { query: { acl: '' } })
      trial.answers('status', reply, 200)
      trial.is('element', reply.xml.name, 'AccessControlPolicy')
      trial.matches(
        'Owner',
        JSON.stringify(reply.xml.children.find(({ name }) => name === 'Owner')),
        /qcs::cam::uin/,
      )
    },
  },
]
