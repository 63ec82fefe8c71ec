import { reached, type Check } from './check.js'
import { expectAnswer, expectArray, expectObject, expectProblem, expectThat } from './expect.js'
import { planOf, type Kit, type Memory, type Opened } from './kit.js'

const story = (kit: Kit): NonNullable<Memory['story']> => reached(kit.memory.story)

/** Checks of opening an upload. */
export const opening: readonly Check[] = [
  {
    about: 'open',
    holds: 'creates an upload, and answers it, a grant and the checksums',
    async run(kit) {
      const probe = await kit.open(kit.file(1, 'probe.bin'), {}, undefined, [201])
      // Two parts, the second one small.
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

/** Checks of sending parts to the store. */
export const sending: readonly Check[] = [
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

/** Clients sign and renew by these times, so the grant must expire after `serverTime`, within a plausible period. */
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
