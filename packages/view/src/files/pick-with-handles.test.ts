import { expect, it } from 'vitest'
import { pickWithHandles } from './pick-with-handles.js'

const handleOf = (name: string) =>
  ({ kind: 'file', name, getFile: async () => new File(['x'], name) }) as unknown as FileSystemFileHandle

it('answers the files behind the handles', async () => {
  const page = { showOpenFilePicker: async () => [handleOf('a.mp4'), handleOf('b.mp4')] }
  expect((await pickWithHandles(true, page))?.files.map(({ name }) => name)).toEqual(['a.mp4', 'b.mp4'])
})

it('answers the others when one is gone, and names it', async () => {
  const getFile = () => Promise.reject(new DOMException('It is gone.', 'NotFoundError'))
  const gone = { kind: 'file', name: 'gone.mp4', getFile } as unknown as FileSystemFileHandle
  const page = { showOpenFilePicker: async () => [handleOf('a.mp4'), gone, handleOf('b.mp4')] }
  const brought = await pickWithHandles(true, page)
  expect(brought?.files.map(({ name }) => name)).toEqual(['a.mp4', 'b.mp4'])
  expect(brought?.leftOut).toEqual([{ name: 'gone.mp4', why: 'unreadable' }])
})

it('answers none when the person closes the dialog', async () => {
  const page = {
    showOpenFilePicker: async () => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      throw new DOMException('The user aborted a request.', 'AbortError')
    },
  }
  expect(await pickWithHandles(true, page)).toEqual({ files: [], leftOut: [] })
})

it('leaves it to an ordinary dialog where there is none with handles, or it is kept shut', async () => {
  expect(await pickWithHandles(true, {})).toBeNull()
  const shut = {
    showOpenFilePicker: async () => {
      throw new DOMException('Blocked by policy.', 'SecurityError')
    },
  }
  expect(await pickWithHandles(true, shut)).toBeNull()
})

it('leaves it to an ordinary dialog as well when the one with handles fails late', async () => {
  const failing = {
    showOpenFilePicker: async () => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      throw new DOMException('The dialog broke.', 'NotAllowedError')
    },
  }
  expect(await pickWithHandles(true, failing)).toBeNull()
})
