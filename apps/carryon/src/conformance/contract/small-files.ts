import type { Check } from './check.js'
import { expectAnswer, expectArray, expectObject, expectProblem, expectThat } from './expect.js'
import { md5Base64, type ContractFile, type Kit, type Opened } from './kit.js'
import { absentUnless, offered } from './offered.js'
import type { Members } from './subject.js'

async function singleOf(kit: Kit, file: ContractFile, more: Members = {}): Promise<Opened> {
  const opened = await kit.open(file, { md5: md5Base64(file.bytes), ...more })
  absentUnless(opened.upload['mode'] === 'single', '"md5" is ignored')
  return opened
}

/** Checks of single uploads: files sent in one request. */
export const smallFiles: readonly Check[] = [
  {
    about: 'single',
    holds: 'takes a small file in one request, and no other bytes',
    optional: 'a small file costs one request to the store instead of three',
    async run(kit) {
      const file = kit.file(9_000, 'small.bin')
      const opened = await singleOf(kit, file)
      const other = await kit.subject.send(opened, 1, kit.file(9_000).bytes)
      expectThat(other.status >= 400, `the store took other bytes than those of "md5": ${other.status}`)
      const unsent = await kit.call('POST', `/uploads/${opened.id}/complete`, {
        body: await kit.completeBody(opened, file, []),
      })
      expectProblem(unsent, [409], ['parts-mismatch'], 'POST /uploads/:id/complete before the file was sent')
      await kit.sendPart(opened, file, 1)
      const done = await kit.complete(opened.id, await kit.completeBody(opened, file, []))
      const { bytes } = await kit.subject.read(String(done['url']))
      expectThat(Buffer.compare(bytes, file.bytes) === 0, 'the object is not the file that was sent')
    },
  },
  {
    about: 'single',
    holds: 'takes an empty file',
    optional: 'without it an empty file fails where the store takes no empty part',
    async run(kit) {
      const file = kit.file(0, 'empty.bin')
      const opened = await singleOf(kit, file)
      await kit.sendPart(opened, file, 1)
      const done = await kit.complete(opened.id, await kit.completeBody(opened, file, []))
      expectThat(done['size'] === 0, `an empty file was finished with ${String(done['size'])} bytes`)
    },
  },
  {
    about: 'batch',
    holds: 'answers opens and completes of small files, each in its place',
    optional: 'many small files cost one call instead of one or two for each',
    async run(kit) {
      const files = [kit.file(100, 'a.bin'), kit.file(200, 'b.bin')]
      const body = {
        open: files.map(({ identity, name, bytes, type }) => ({
          identity,
          name,
          type,
          size: bytes.length,
          md5: md5Base64(bytes),
        })),
        complete: [{ id: '0'.repeat(32), size: 1, crc64: '1' }],
      }
      const answer = await kit.call('POST', '/uploads/batch', { body })
      offered(answer, 'POST /uploads/batch')
      const members = expectAnswer(answer, [200], 'POST /uploads/batch')
      const opened = expectArray(members['opened'], '"opened"').map((one) =>
        expectObject(one, 'an answer in the batch'),
      )
      expectThat(opened.length === 2, `two files were opened, and ${opened.length} answered`)
      for (const [index, one] of opened.entries()) {
        const { upload } = kit.opened({
          status: Number(one['status']),
          type: 'application/json',
          text: '',
          json: one['body'],
        })
        expectThat(
          upload['name'] === files[index]?.name,
          'the answers in a batch are not in the places of the questions',
        )
      }
      const completed = expectArray(members['completed'], '"completed"').map((one) =>
        expectObject(one, 'an answer in the batch'),
      )
      expectThat(
        completed[0]?.['status'] === 404,
        'a complete of no upload in a batch is not answered 404 in its place',
      )
    },
  },
]
