import { reached, type Check } from './check.js'
import { expectAnswer, expectProblem, expectThat, expectUpload, shown } from './expect.js'
import { type Kit, type Memory } from './kit.js'

const story = (kit: Kit): NonNullable<Memory['story']> => reached(kit.memory.story)
const unknownId = '0'.repeat(32)

/** Checks of reading an upload and of ending it. */
export const ending: readonly Check[] = [
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
