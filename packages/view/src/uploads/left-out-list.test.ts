import type { LimitsAnswer } from '@carryon/client'
import { expect, it, vi } from 'vitest'
import type { LeftOut } from '../files/left-out.js'
import { UploadRow } from '../rows/upload-row.js'
import { createFakeUpload } from '../testing/fake-upload.js'
import { FakeUnfinished } from '../testing/fake-unfinished.js'
import { createLeftOutList } from './left-out-list.js'

const empty: LeftOut = { name: 'empty', why: 'empty-folder' }
const gone: LeftOut = { name: 'gone', why: 'unreadable' }

function start() {
  const did: string[] = []
  const brought = createLeftOutList<UploadRow>({
    add: async (files) => void did.push(`add ${files.map(({ name }) => name).join()}`),
    resume: ({ name }) => did.push(`resume ${name}`),
    dismiss: ({ upload }) => did.push(`dismiss ${upload.file.name}`),
  })
  return { brought, did }
}

const files = [new File([], 'a'), new File([], 'b')]
const row = new UploadRow(createFakeUpload({ name: 'failed', size: 1, type: '' }, 'f'), 1)
const unfinished = new FakeUnfinished({
  name: 'u',
  size: 1,
  begin: (file) => createFakeUpload(file, 'u'),
})

it.each([
  ['add', ({ brought }: ReturnType<typeof start>) => brought.add(files), ['add a,b']],
  [
    'replace',
    ({ brought }: ReturnType<typeof start>) => brought.replace(row, files),
    ['dismiss failed', 'add a,b'],
  ],
  [
    'resume',
    ({ brought }: ReturnType<typeof start>) => brought.resume(unfinished, new File([], 'u')),
    ['resume u'],
  ],
])('%s takes the files, and what an earlier pick left out is no longer told', (_, bring, done) => {
  const started = start()
  started.brought.leaveOut([gone])
  bring(started)
  expect(started.did).toEqual(done)
  expect(started.brought.snapshot.items).toEqual([])
})

it('tells each pick apart, and not what is taken off the list', () => {
  const { brought } = start()
  brought.add(files)
  brought.leaveOut([gone, empty])
  const { batch } = brought.snapshot
  brought.remove(gone)
  expect(brought.snapshot).toEqual({ batch, items: [empty] })
  brought.leaveOut([gone])
  expect(brought.snapshot.batch).not.toBe(batch)
})

it('refuses what is not allowed, and tells it with what else a drop left out, but not with the next one', async () => {
  const did: string[] = []
  const limits: LimitsAnswer = {
    limits: {
      maxFileBytes: 3,
      mediaTypes: null,
      extensions: null,
      openFiles: null,
      openBytes: null,
      totalBytes: null,
    },
    used: { openFiles: 0, openBytes: 0, totalBytes: 0 },
    left: { openFiles: null, openBytes: null, totalBytes: null },
  }
  const brought = createLeftOutList<UploadRow>({
    add: async (taken) => void did.push(`add ${taken.map(({ name }) => name).join()}`),
    resume: () => undefined,
    dismiss: () => undefined,
    limits: () => limits,
  })
  const large: LeftOut = { name: 'large', why: 'too-large', bytes: 3 }
  brought.add([new File(['long'], 'large'), new File(['ok'], 'small')])
  brought.leaveOut([empty])
  await vi.waitFor(() => expect(brought.snapshot.items).toEqual([large, empty]))
  expect(did).toEqual(['add small'])
  brought.leaveOut([gone])
  expect(brought.snapshot.items).toEqual([gone])
  brought.add([new File(['long'], 'large')])
  brought.resume(unfinished, new File([], 'u'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(brought.snapshot.items).toEqual([])
  expect(did).toEqual(['add small'])
})
