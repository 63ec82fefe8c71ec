import { reached, type Check } from './check.js'
import { expectProblem, expectThat, json } from './expect.js'
import { type Kit, type Memory } from './kit.js'

const story = (kit: Kit): NonNullable<Memory['story']> => reached(kit.memory.story)
const etagsOf = (kit: Kit): readonly string[] => reached(kit.memory.etags)

/** Checks of completing an upload. */
export const completing: readonly Check[] = [
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
