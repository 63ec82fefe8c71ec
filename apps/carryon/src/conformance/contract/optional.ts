import { reached, type Check } from './check.js'
import { expectAnswer, expectArray, expectObject, expectThat, expectUpload, shown } from './expect.js'
import type { Kit } from './kit.js'
import { absentUnless, offered } from './offered.js'
import { smallFiles } from './small-files.js'

async function listed(
  kit: Kit,
  query: string,
): Promise<{ readonly ids: readonly string[]; readonly next: unknown }> {
  const answer = await kit.call('GET', `/uploads?${query}`)
  offered(answer, 'GET /uploads')
  const page = expectAnswer(answer, [200], 'GET /uploads')
  const uploads = expectArray(page['uploads'], '"uploads"').map((one) => expectUpload(one, 'the list'))
  expectThat(
    page['next'] === null || typeof page['next'] === 'string',
    `"next" is ${JSON.stringify(page['next'])}; expected a cursor or null`,
  )
  return { ids: uploads.map(({ id }) => String(id)), next: page['next'] }
}

export const optional: readonly Check[] = [
  {
    about: 'list',
    holds: 'answers the open uploads, newest first, in pages',
    optional: 'what is unfinished is offered after a reload and on another machine',
    async run(kit) {
      const [one, other] = [
        await kit.open(kit.file(11, 'first.bin')),
        await kit.open(kit.file(12, 'second.bin')),
      ]
      const { ids } = await listed(kit, 'state=open&limit=200')
      expectThat(
        ids.includes(one.id) && ids.includes(other.id),
        'GET /uploads?state=open lacks an upload that was just opened',
      )
      expectThat(ids.indexOf(other.id) < ids.indexOf(one.id), 'GET /uploads answered the older upload first')
      const first = await listed(kit, 'state=open&limit=1')
      expectThat(
        first.ids.length === 1 && typeof first.next === 'string',
        '"limit=1" answered no "next" though there is more',
      )
      const second = await listed(kit, `state=open&limit=1&cursor=${encodeURIComponent(first.next)}`)
      expectThat(
        second.ids.length === 1 && second.ids[0] !== first.ids[0],
        '"cursor" answered the same page again',
      )
    },
  },
  {
    about: 'list',
    holds: 'answers the finished uploads apart from the open ones',
    optional: 'finished files are shown after a reload',
    async run(kit) {
      const { opened } = reached(kit.memory.story)
      reached(kit.memory.done)
      const [done, open] = [
        await listed(kit, 'state=done&limit=200'),
        await listed(kit, 'state=open&limit=200'),
      ]
      expectThat(done.ids.includes(opened.id), 'GET /uploads?state=done lacks a finished upload')
      expectThat(!open.ids.includes(opened.id), 'GET /uploads?state=open has a finished upload')
    },
  },
  {
    about: 'parts',
    holds: 'answers what the store lists now',
    optional: 'the list shows how much of an upload is stored; a file that was edited continues',
    async run(kit) {
      const file = kit.file(4_000, 'parts.bin')
      const opened = await kit.open(file)
      const { etag } = await kit.sendPart(opened, file, 1)
      const answer = await kit.call('GET', `/uploads/${opened.id}/parts`)
      offered(answer, 'GET /uploads/:id/parts')
      const parts = expectArray(expectAnswer(answer, [200], 'GET /uploads/:id/parts')['parts'], '"parts"')
      const part = expectObject(parts[0], 'the first part')
      expectThat(
        parts.length === 1 && part['partNumber'] === 1 && part['size'] === 4_000 && part['etag'] === etag,
        `one part is stored; GET /uploads/:id/parts answered ${JSON.stringify(parts)}`,
      )
    },
  },
  ...smallFiles,
  {
    about: 'grows',
    holds: 'lets the client decide how large later parts are, and completes them',
    optional: 'parts fit the line: small on a slow one, large on a fast one',
    async run(kit) {
      const opened = await kit.open(kit.file(1_000, 'grows.bin'), { grows: true })
      absentUnless(opened.upload['grows'] === true, '"grows" is ignored')
      const partSize = Number(opened.upload['partSize'])
      expectThat(Array.isArray(opened.upload['partRuns']), 'an upload that grows is answered with "partRuns"')
      const file = kit.file(4 * partSize + 2 * partSize + 5, 'grown.bin')
      const growing = await kit.open(file, { grows: true })
      const partRuns = [
        { after: 0, partSize },
        { after: 4, partSize: 2 * partSize },
      ]
      const etags: string[] = []
      for (let number = 1, start = 0; start < file.bytes.length; number++) {
        const size = Math.min(number > 4 ? 2 * partSize : partSize, file.bytes.length - start)
        const body = { partNumbers: [number], sizes: [size] }
        const renewed = await kit.call('POST', `/uploads/${growing.id}/access`, { body })
        const access = expectObject(
          expectAnswer(renewed, [200], 'POST /uploads/:id/access')['access'],
          '"access"',
        )
        const { status, etag } = await kit.subject.send(
          { upload: growing.upload, access },
          number,
          file.bytes.subarray(start, start + size),
        )
        expectThat(status === 200, `the store answered ${status} to part ${number}`)
        etags.push(etag ?? '')
        start += size
      }
      const again = await kit.open(file, { grows: true })
      expectThat(
        again.upload['partCount'] === etags.length,
        `an open answered ${String(again.upload['partCount'])} parts; the stored sizes show ${etags.length}`,
      )
      await kit.complete(growing.id, { ...(await kit.completeBody(growing, file, etags)), partRuns })
    },
  },
  {
    about: 'separate',
    holds: 'opens an upload of its own for another file of the same fingerprint, and finds it again',
    optional: 'two files that samples cannot tell apart do not replace each other’s parts',
    async run(kit) {
      const file = kit.file(6_000, 'one.bin')
      const opened = await kit.open(file)
      const other = { ...file, name: 'other.bin' }
      const own = await kit.open(other, { separate: true })
      absentUnless(own.id !== opened.id, '"separate" is ignored')
      const again = await kit.open(other)
      expectThat(again.id === own.id, 'an open without "separate" did not find the separate upload again')
      expectThat((await kit.open(file)).id === opened.id, 'the first file got the separate upload')
    },
  },
  {
    about: 'unlessDone',
    holds: 'names finished uploads of this content, and opens nothing',
    optional: 'a file that is there already is not sent again',
    async run(kit) {
      const file = kit.file(7_000, 'twice.bin')
      const done = await kit.finished(file)
      const { name, identity, type, bytes } = file
      const body = { identity, name, type, size: bytes.length, unlessDone: true }
      const answer = await kit.call('POST', '/uploads', { body })
      const members = expectAnswer(answer, [200, 201], 'POST /uploads with "unlessDone"')
      if ('upload' in members) kit.opened(answer)
      absentUnless(!('upload' in members), '"unlessDone" is ignored')
      const duplicates = expectArray(members['duplicates'], '"duplicates"').map((one) =>
        expectObject(one, 'a duplicate'),
      )
      const upload = expectUpload(duplicates[0]?.['upload'], 'a duplicate')
      expectThat(upload['id'] === done['id'], 'the duplicate is another upload than the finished one')
    },
  },
  {
    about: 'rename',
    holds: 'gives a finished upload another name',
    optional: 'finished files can be renamed',
    async run(kit) {
      const done = await kit.finished(kit.file(500, 'before.bin'))
      const path = `/uploads/${String(done['id'])}`
      const answer = await kit.call('PATCH', path, { body: { name: 'after.bin' } })
      offered(answer, 'PATCH /uploads/:id')
      const upload = expectUpload(expectAnswer(answer, [200], 'PATCH /uploads/:id')['upload'], 'the answer')
      expectThat(upload['name'] === 'after.bin', 'PATCH /uploads/:id answered the old name')
    },
  },
  {
    about: 'remove',
    holds: 'removes a finished object, by a call of its own',
    optional: 'finished files can be removed',
    async run(kit) {
      const done = await kit.finished(kit.file(500, 'removed.bin'))
      const path = `/uploads/${String(done['id'])}/object`
      const answer = await kit.call('DELETE', path)
      offered(answer, 'DELETE /uploads/:id/object')
      expectThat(answer.status === 204, `DELETE /uploads/:id/object answered ${shown(answer)}; expected 204`)
      const { status } = await kit.subject.read(String(done['url']))
      expectThat(status >= 400, `the object of a removed upload is still there: ${status}`)
    },
  },
  {
    about: 'limits',
    holds: 'says what may be uploaded',
    optional: 'the page refuses a file before it is read, and shows what is left',
    async run(kit) {
      const answer = await kit.call('GET', '/limits')
      offered(answer, 'GET /limits')
      const members = expectAnswer(answer, [200], 'GET /limits')
      const limits = expectObject(members['limits'], '"limits"')
      expectThat(Number.isSafeInteger(limits['maxFileBytes']), '"limits.maxFileBytes" is no number of bytes')
      expectObject(members['used'], '"used"')
      expectObject(members['left'], '"left"')
    },
  },
]
