import { reached, type Check } from './check.js'
import {
  expectAnswer,
  expectArray,
  expectObject,
  expectProblem,
  expectThat,
  expectUpload,
  json,
  shown,
} from './expect.js'
import { planOf, type Kit, type Memory, type Opened } from './kit.js'

const story = (kit: Kit): NonNullable<Memory['story']> => reached(kit.memory.story)
const etagsOf = (kit: Kit): readonly string[] => reached(kit.memory.etags)
const unknownId = '0'.repeat(32)

const open: readonly Check[] = [
  {
    about: 'open',
    holds: 'creates an upload, and answers it, a grant and the checksums',
    async run(kit) {
      const probe = await kit.open(kit.file(1, 'probe.bin'), {}, undefined, [201])
      // Two parts, the second a small one.
      const file = kit.file(Number(probe.upload['partSize']) + 70_001, 'Mein "Film" 长.mp4')
      const opened = await kit.open(file, {}, undefined, [201])
      kit.memory.story = { file, opened }
      const { upload, checksums, parts } = opened
      const { name, identity, bytes } = file
      expectThat(
        upload['state'] === 'open',
        `a new upload has the state "${String(upload['state'])}"; expected "open"`,
      )
      expectThat(
        upload['name'] === name && upload['identity'] === identity && upload['size'] === bytes.length,
        `the new upload has not the name, identity and size that it was opened with: ${JSON.stringify(upload)}`,
      )
      expectThat(
        upload['mode'] === 'multipart' && typeof upload['uploadId'] === 'string',
        'an open without "md5" answers mode "multipart" and an "uploadId"',
      )
      expectThat(
        upload['partCount'] === planOf(opened, file).partCount,
        `${bytes.length} bytes in parts of ${String(upload['partSize'])} are ${planOf(opened, file).partCount} parts; "partCount" is ${String(upload['partCount'])}`,
      )
      expectThat(parts.length === 0, 'a new upload has no parts')
      const types = [null, 'crc64ecma', 'crc64nvme']
      expectThat(
        types.includes(checksums.part) &&
          types.includes(checksums.object) &&
          typeof checksums.etagIsMd5 === 'boolean',
        `"checksums" is ${JSON.stringify(checksums)}; expected "part" and "object" of "crc64ecma", "crc64nvme" or null, and "etagIsMd5"`,
      )
      expectTimes(opened)
    },
  },
  {
    about: 'open',
    holds: 'answers the same upload when it is asked again, and at the same time',
    async run(kit) {
      const { file, opened } = story(kit)
      const again = await kit.open(file, {}, undefined, [200])
      expectThat(again.id === opened.id, 'a second open of one identity answered another upload')
      const other = kit.file(2_000, 'raced.bin')
      const raced = await Promise.all([kit.open(other), kit.open(other), kit.open(other)])
      expectThat(
        new Set(raced.map(({ id }) => id)).size === 1,
        'opens of one identity at once answered several uploads',
      )
    },
  },
  {
    about: 'open',
    holds: 'takes a name for data, never for a path',
    async run(kit) {
      const name = '../../<b>/..\\a\u0007.bin'
      const { upload } = await kit.open(kit.file(10, name))
      expectThat(upload['name'] === name, 'the name is not answered as it was sent')
      const key = String(upload['key'])
      expectThat(
        !key.split('/').includes('..') && !/[\p{Cc}<>\\]/u.test(key),
        `the key has what the name had: ${JSON.stringify(key)}`,
      )
    },
  },
  {
    about: 'open',
    holds: 'makes a key that no other upload has, of one file too',
    async run(kit) {
      const [one, other] = [
        await kit.open(kit.file(10, 'same.bin')),
        await kit.open(kit.file(10, 'same.bin')),
      ]
      expectThat(
        one.upload['key'] !== other.upload['key'],
        'two files of one name have one key: the second overwrites the first',
      )
    },
  },
  {
    about: 'open',
    holds: 'refuses a body that is not valid, with 400',
    async run(kit) {
      const { identity, name } = kit.file(1)
      const bodies = [
        { body: { name, size: 1 } },
        { body: { identity, size: 1 } },
        { body: { identity, name } },
        { body: { identity, name, size: -1 } },
        { body: { identity, name, size: 'many' } },
        { body: { identity, name, size: 1.5 } },
        { body: { identity: 'no/identity', name, size: 1 } },
        { body: [] },
        { text: '{"identity":' },
      ]
      for (const each of bodies) {
        const answer = await kit.call('POST', '/uploads', each)
        const asked = `POST /uploads with ${each.text ?? JSON.stringify(each.body)}`
        expectProblem(answer, [400], ['invalid-request'], asked)
      }
    },
  },
]

const transfer: readonly Check[] = [
  {
    about: 'grant',
    holds: 'lets a part be sent to the store, whose answer has its checksum',
    async run(kit) {
      const { file, opened } = story(kit)
      const { etag } = await kit.sendPart(opened, file, 1)
      expectThat(etag !== null && etag !== '', 'the store answered no ETag')
      kit.memory.first = etag
    },
  },
  {
    about: 'open',
    holds: 'lists the parts that the store has',
    async run(kit) {
      const { file } = story(kit)
      const { parts } = await kit.open(file)
      const first = reached(kit.memory.first)
      const [part] = parts
      expectThat(
        part !== undefined && parts.length === 1 && part['partNumber'] === 1 && part['etag'] === first,
        `one part is stored, with the ETag ${first}; open answered ${JSON.stringify(parts)}`,
      )
      expectThat(
        part['size'] === planOf(story(kit).opened, file).runs[0]?.partSize,
        `part 1 is answered with a size of ${String(part['size'])}`,
      )
    },
  },
  {
    about: 'access',
    holds: 'answers a new grant, for the parts that are named',
    async run(kit) {
      const { file, opened } = story(kit)
      const asked = 'POST /uploads/:id/access'
      const answer = await kit.call('POST', `/uploads/${opened.id}/access`, {
        body: { partNumbers: [2], sizes: [70_001] },
      })
      const renewed = expectAnswer(answer, [200], asked)
      expectThat(typeof renewed['serverTime'] === 'number', `${asked} answered no "serverTime"`)
      const access = expectObject(renewed['access'], '"access"')
      const sent = await kit.sendPart({ ...opened, access }, file, 2)
      kit.memory.etags = [reached(kit.memory.first), sent.etag ?? '']
      const plain = await kit.call('POST', `/uploads/${opened.id}/access`, { body: {} })
      expectAnswer(plain, [200], `${asked} with {}`)
    },
  },
]

const complete: readonly Check[] = [
  {
    about: 'complete',
    holds: 'names the parts that differ, and leaves the upload open',
    async run(kit) {
      const { file, opened } = story(kit)
      const [first = ''] = etagsOf(kit)
      const body = await kit.completeBody(opened, file, [first, '0'.repeat(32)])
      const asked = 'POST /uploads/:id/complete with an ETag that the store has not'
      const answer = await kit.call('POST', `/uploads/${opened.id}/complete`, { body })
      const { partNumbers } = expectProblem(answer, [409], ['parts-mismatch'], asked)
      expectThat(
        JSON.stringify(partNumbers) === '[2]',
        `${asked} named the parts ${JSON.stringify(partNumbers)}; expected [2]`,
      )
      const again = await kit.open(file)
      expectThat(again.id === opened.id && again.parts.length === 2, `${asked} ended the upload`)
    },
  },
  {
    about: 'complete',
    holds: 'refuses another size, and ETags that are too few, and leaves the upload open',
    async run(kit) {
      const { file, opened } = story(kit)
      const body = await kit.completeBody(opened, file, etagsOf(kit))
      const wrong = [{ ...body, size: file.bytes.length + 1 }, { ...body, etags: etagsOf(kit).slice(1) }, {}]
      for (const each of wrong) {
        const answer = await kit.call('POST', `/uploads/${opened.id}/complete`, { body: each })
        expectProblem(answer, [400], ['invalid-request'], 'POST /uploads/:id/complete of another file')
      }
      expectThat((await kit.open(file)).id === opened.id, 'a complete that was refused ended the upload')
    },
  },
  {
    about: 'complete',
    holds: 'makes the object and answers its size, checksum and address',
    async run(kit) {
      const { file, opened } = story(kit)
      const body = await kit.completeBody(opened, file, etagsOf(kit))
      const done = (kit.memory.done = await kit.complete(opened.id, body))
      expectThat(
        done['size'] === file.bytes.length,
        `the finished upload has ${String(done['size'])} bytes; expected ${file.bytes.length}`,
      )
      if (body['crc64'] !== undefined)
        expectThat(
          done['crc64'] === body['crc64'],
          `the finished upload has the CRC-64 ${String(done['crc64'])}; expected ${json(body['crc64'])}`,
        )
      expectThat(
        typeof done['url'] === 'string' && URL.canParse(done['url']),
        `"url" is no absolute address: ${JSON.stringify(done['url'])}`,
      )
      expectThat(done['finishedAt'] !== null, 'a finished upload has no "finishedAt"')
    },
  },
  {
    about: 'complete',
    holds: 'answers the same when it is asked again',
    async run(kit) {
      const { file, opened } = story(kit)
      const done = reached(kit.memory.done)
      const again = await kit.complete(opened.id, await kit.completeBody(opened, file, etagsOf(kit)))
      for (const name of ['id', 'key', 'size', 'crc64', 'finishedAt'])
        expectThat(again[name] === done[name], `a second complete answered another "${name}"`)
    },
  },
  {
    about: 'url',
    holds: 'leads its owner to the bytes that were sent',
    async run(kit) {
      const { file } = story(kit)
      const { status, bytes } = await kit.subject.read(String(reached(kit.memory.done)['url']))
      expectThat(status === 200, `GET of "url" answered ${status}`)
      expectThat(Buffer.compare(bytes, file.bytes) === 0, `GET of "url" answered ${bytes.length} other bytes`)
    },
  },
  {
    about: 'complete',
    holds: 'refuses a whole that is not what was declared, now and later, and keeps no object of it',
    async run(kit) {
      const file = kit.file(5_000, 'declared.bin')
      const opened = await kit.open(file)
      if (opened.checksums.object === null) return
      const body = { ...(await kit.completeBody(opened, file, await kit.sendAll(opened, file))), crc64: '1' }
      const asked = "POST /uploads/:id/complete with a CRC-64 that is not the content's"
      const answer = await kit.call('POST', `/uploads/${opened.id}/complete`, { body })
      expectProblem(answer, [409], ['checksum-mismatch'], asked)
      const state = (await kit.call('GET', `/uploads/${opened.id}`)).json as
        { upload?: { state?: string } } | undefined
      expectThat(state?.upload?.state !== 'done', `after ${asked} the upload is "done"`)
      const next = await kit.open(file)
      expectThat(
        next.id !== opened.id,
        `after ${asked} an open answered the same upload, which cannot be completed`,
      )
    },
  },
]

const rest: readonly Check[] = [
  {
    about: 'get',
    holds: 'answers one upload, whatever its state',
    async run(kit) {
      const { opened } = story(kit)
      const asked = 'GET /uploads/:id'
      const upload = expectUpload(
        expectAnswer(await kit.call('GET', `/uploads/${opened.id}`), [200], asked)['upload'],
        `the answer to ${asked}`,
      )
      const expected = kit.memory.done === undefined ? 'open' : 'done'
      expectThat(
        upload['state'] === expected,
        `${asked} answered the state "${String(upload['state'])}"; expected "${expected}"`,
      )
    },
  },
  {
    about: 'get',
    holds: 'answers 404 to an upload that is not there, as every call does',
    async run(kit) {
      const calls = [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/access'],
        ['POST', '/complete'],
      ] as const
      for (const [method, path] of calls) {
        const body = method === 'POST' ? { body: { size: 1, crc64: '1', etags: [] } } : {}
        const answer = await kit.call(method, `/uploads/${unknownId}${path}`, body)
        expectProblem(answer, [404], ['not-found'], `${method} /uploads/:id${path} of no upload`)
      }
    },
  },
  {
    about: 'cancel',
    holds: 'ends the upload at the store, and answers 204 when it is asked again',
    async run(kit) {
      const file = kit.file(3_000, 'cancelled.bin')
      const opened = await kit.open(file)
      await kit.sendPart(opened, file, 1)
      for (const time of ['', ' a second time']) {
        const answer = await kit.call('DELETE', `/uploads/${opened.id}`)
        expectThat(
          answer.status === 204,
          `DELETE /uploads/:id${time} answered ${shown(answer)}; expected 204`,
        )
      }
      const late = await kit.subject.send(opened, 1, file.bytes)
      expectThat(
        late.status === 404,
        `the store answered ${late.status} to a part of a cancelled upload; expected 404: it was not aborted`,
      )
      const gone = await kit.call('POST', `/uploads/${opened.id}/access`, { body: {} })
      expectProblem(
        gone,
        [410, 404],
        ['upload-gone', 'not-found'],
        'POST /uploads/:id/access of a cancelled upload',
      )
      expectThat((await kit.open(file)).id !== opened.id, 'an open answered the upload that was cancelled')
    },
  },
  {
    about: 'cancel',
    holds: 'never removes what is finished',
    async run(kit) {
      const { opened } = story(kit)
      const done = reached(kit.memory.done)
      expectProblem(
        await kit.call('DELETE', `/uploads/${opened.id}`),
        [409],
        ['already-done'],
        'DELETE /uploads/:id of a finished upload',
      )
      expectProblem(
        await kit.call('POST', `/uploads/${opened.id}/access`, { body: {} }),
        [409],
        ['already-done'],
        'POST /uploads/:id/access of a finished upload',
      )
      expectThat(
        (await kit.subject.read(String(done['url']))).status === 200,
        'a cancel removed a finished object',
      )
    },
  },
]

/** Within a minute: clients sign and renew by it. */
function expectTimes({ answer, access }: Opened): void {
  const { serverTime } = answer
  expectThat(typeof serverTime === 'number', 'open answered no "serverTime" in Unix seconds')
  const { expiresAt } = access
  expectThat(
    typeof expiresAt === 'number' && expiresAt > serverTime && expiresAt < serverTime + 8 * 86_400,
    `"access.expiresAt" is ${JSON.stringify(expiresAt)}; expected Unix seconds after "serverTime" ${serverTime}`,
  )
  expectArray(answer['parts'], '"parts"')
}

/** What the client cannot do without, in the order of one upload. */
export const required: readonly Check[] = [...open, ...transfer, ...complete, ...rest]
