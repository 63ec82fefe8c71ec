import { UploadRow as Row } from '@carryon/view'
import { createDrawnFrames, createFakeUploader } from '@carryon/view/testing'
import { expect, it, vi } from 'vitest'
import { effectScope, ref, watch } from 'vue'
import CarryonUploads from './components/CarryonUploads.vue'
import { renderHtml } from './testing/render.js'
import { useUploads } from './use-uploads.js'

const file = (name: string, size = 1000) => ({ name, size, type: '' })

function start() {
  const uploader = createFakeUploader()
  const { requestFrame, draw } = createDrawnFrames()
  const scope = effectScope()
  const create = () => useUploads({ uploader, requestFrame, storage: null })
  const uploads = scope.run(create) ?? create()
  return { uploader, uploads, scope, draw }
}

it('a row is the same object as long as it is listed, and its refs follow the upload', () => {
  const { uploader, uploads, draw } = start()
  const a = uploader.upload(file('a'))
  draw()
  const [row] = uploads.groups.value.open
  a.show({ state: 'uploading', progress: { loaded: 300 } })
  draw()
  expect(row?.snapshot.value).toMatchObject({ state: 'uploading', progress: { loaded: 300 } })
  a.show({ state: 'done' })
  draw()
  expect(uploads.groups.value.done).toEqual([row])
  expect(uploads.stateChanges.value).toEqual([row])
  expect(row?.finishedAt).toBeInstanceOf(Date)
})

it('a watcher of one part is not called when another part changes', () => {
  const { uploader, uploads, scope, draw } = start()
  const a = uploader.upload(file('a'))
  a.show({ state: 'uploading' })
  draw()
  const [row] = uploads.groups.value.open
  if (row === undefined) throw new Error('No row.')
  const called: string[] = []
  scope.run(() => {
    const { groups, totals, unfinished } = uploads
    const { snapshot, cancelling } = row
    for (const [name, ref] of Object.entries({ groups, totals, unfinished, snapshot, cancelling })) {
      watch(ref, () => called.push(name), { flush: 'sync' })
    }
  })
  a.show({ progress: { loaded: 500 } })
  draw()
  expect(called.toSorted()).toEqual(['snapshot', 'totals'])
})

it('actions accept the rows that were listed', async () => {
  const { uploader, uploads, draw } = start()
  const [a, b] = [uploader.upload(file('a')), uploader.upload(file('b'))]
  for (const upload of [a, b]) upload.show({ state: 'uploading' })
  draw()
  const [first, second] = uploads.groups.value.open
  if (first === undefined || second === undefined) throw new Error('No rows.')
  uploads.cancelSoon(first)
  expect([first.cancelling.value, a.snapshot.state]).toEqual(['soon', 'paused'])
  uploads.undo(first)
  expect([first.cancelling.value, a.snapshot.state]).toEqual(['no', 'uploading'])
  await uploads.cancel(second)
  draw()
  expect(uploads.groups.value.open).toEqual([first])
})

it('a row can be kept in a deep ref', () => {
  const { uploader, uploads, draw } = start()
  uploader.upload(file('a'))
  draw()
  const [row] = uploads.groups.value.open
  const chosen = ref(row)
  expect(chosen.value).toBe(row)
})

it('of a thousand rows, only the drawn ones are read', async () => {
  const uploader = createFakeUploader()
  for (let index = 0; index < 1000; index += 1) uploader.upload(file(`${index}`))
  const read = vi.spyOn(Row.prototype, 'snapshot', 'get')
  const html = await renderHtml(CarryonUploads, { uploader, title: 't' })
  const rows = new Set(read.mock.contexts)
  vi.restoreAllMocks()
  const drawn = html.split('data-testid="upload-row"').length - 1
  expect(drawn).toBeGreaterThan(0)
  expect(rows.size).toBe(drawn)
})

it('auto-resume can be switched on and off', () => {
  const { automatic } = start().uploads.autoResume
  expect(automatic.value).toBe(true)
  automatic.value = false
  expect(automatic.value).toBe(false)
})

it('ends with its scope', () => {
  const { uploader, uploads, scope, draw } = start()
  scope.stop()
  uploader.upload(file('a'))
  draw()
  expect(uploads.groups.value.open).toEqual([])
})
