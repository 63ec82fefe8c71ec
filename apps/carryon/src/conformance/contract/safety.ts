import { reached, type Check } from './check.js'
import { absentUnless } from './offered.js'
import { expectProblem, expectThat, shown } from './expect.js'
import type { Opened } from './kit.js'

/** Checks that protect one owner's uploads from another. */
export const safety: readonly Check[] = [
  {
    about: 'owner',
    holds: 'has uploads that nobody else sees, continues, completes or cancels',
    optional: 'needs a second owner: --other-header, or an anonymous one by cookie',
    async run(kit) {
      absentUnless(kit.subject.hasOther, 'there is no second owner: give --other-header')
      const { file, opened } = reached(kit.memory.story)
      const own = kit.file(3_000, 'mine.bin')
      const mine = await kit.open(own)
      const theirs = await kit.open(own, {}, 'other')
      expectThat(theirs.id !== mine.id, 'another owner got the open upload of the first one')
      const calls = [
        ['GET', mine.id, ''],
        ['GET', opened.id, ''],
        ['DELETE', mine.id, ''],
        ['POST', mine.id, '/access'],
        ['POST', mine.id, '/complete'],
      ] as const
      for (const [method, id, path] of calls) {
        const body = method === 'POST' ? { body: { size: file.bytes.length, crc64: '1', etags: [] } } : {}
        const answer = await kit.call(method, `/uploads/${id}${path}`, { ...body, as: 'other' })
        expectProblem(answer, [404], ['not-found'], `${method} /uploads/:id${path} by another owner`)
      }
      expectThat((await kit.open(own)).id === mine.id, 'another owner ended the upload of the first one')
    },
  },
  {
    about: 'owner',
    holds: 'is asked for: without credentials every call is refused',
    optional: 'needs --header or --cookie: then calls without them are refused',
    async run(kit) {
      absentUnless(kit.subject.hasNobody, 'no --header or --cookie was given')
      const { opened } = reached(kit.memory.story)
      for (const [method, path] of [
        ['POST', '/uploads'],
        ['GET', `/uploads/${opened.id}`],
      ] as const) {
        const body = method === 'POST' ? { body: { identity: 'nobody', name: 'a', size: 1 } } : {}
        const answer = await kit.call(method, path, { ...body, as: 'nobody' })
        expectThat(
          [401, 403, 404].includes(answer.status),
          `${method} ${path} without credentials answered ${shown(answer)}; expected 401 or 403`,
        )
      }
    },
  },
  {
    about: 'grant',
    holds: 'is for the one key of its upload',
    optional: 'with mode "credentials" only: a page must not be able to write other keys',
    async run(kit) {
      const [file, other] = [kit.file(2_000, 'granted.bin'), kit.file(2_000, 'foreign.bin')]
      const [opened, foreign] = [await kit.open(file), await kit.open(other)]
      absentUnless(opened.access['mode'] === 'credentials', `the mode is "${String(opened.access['mode'])}"`)
      const { status } = await kit.subject.send(
        { upload: foreign.upload, access: opened.access },
        1,
        other.bytes,
      )
      expectThat(
        status === 403,
        `the store answered ${status} to a part of another upload with this grant; expected 403`,
      )
    },
  },
  {
    about: 'open',
    holds: 'refuses a body that any foreign page can send',
    optional: 'where cookies say who the owner is, other sites cannot open or cancel uploads',
    async run(kit) {
      const { identity, name } = kit.file(1)
      const text = JSON.stringify({ identity, name, size: 1 })
      const answer = await kit.call('POST', '/uploads', { text, type: 'text/plain' })
      if (answer.status < 300) kit.opened(answer)
      expectThat(
        answer.status >= 400 && answer.status < 500,
        `POST /uploads of text/plain answered ${shown(answer)}; expected a refusal`,
      )
    },
  },
  {
    about: 'store',
    holds: 'lets a page send parts and read the ETag (CORS)',
    optional: 'needs an origin: without the rule no browser can upload',
    async run(kit) {
      const { origin } = kit.subject
      absentUnless(origin !== null, 'there is no store to ask')
      const file = kit.file(1_000, 'cors.bin')
      const opened = await kit.open(file)
      const url = addressOf(opened)
      const asked = opened.access['mode'] === 'credentials' ? 'authorization,x-cos-security-token' : ''
      const preflight = await fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PUT',
          ...(asked !== '' && { 'access-control-request-headers': asked }),
        },
      })
      const allowed = preflight.headers.get('access-control-allow-origin')
      expectThat(
        preflight.ok && (allowed === '*' || allowed === origin),
        `the store does not let a page of ${origin} send parts (preflight ${preflight.status}): add a CORS rule to the bucket`,
      )
      const exposed = (preflight.headers.get('access-control-expose-headers') ?? '').toLowerCase()
      expectThat(
        exposed === '' || exposed.includes('etag'),
        `the bucket's CORS rule exposes "${exposed}": add ETag, and the header of the checksum`,
      )
    },
  },
]

/** URL of a part, without a signature. */
function addressOf({ access, upload }: Opened): string {
  if (access['mode'] === 'urls') return String((access['urls'] as Record<string, unknown>)['1'])
  if (access['mode'] !== 'credentials') return String(access['url'])
  const { baseUrl } = access['location'] as { readonly baseUrl: string }
  const key = String(upload['key']).split('/').map(encodeURIComponent).join('/')
  return `${baseUrl}/${key}?partNumber=1&uploadId=${encodeURIComponent(String(upload['uploadId']))}`
}
