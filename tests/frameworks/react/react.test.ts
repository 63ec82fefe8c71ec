// @vitest-environment happy-dom
import { en } from '@carryon/view'
import { createDrawnFrames, createFakeUploader, type FakeUploader } from '@carryon/view/testing'
import { act, createElement, StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UploadPage } from './uploads.js'

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  document.body.innerHTML = '<div></div>'
})
afterEach(() => vi.unstubAllGlobals())

function prepare() {
  const uploader = createFakeUploader()
  const { requestFrame, draw } = createDrawnFrames()
  const page = createElement(UploadPage, { options: { uploader, requestFrame, storage: null } })
  // StrictMode runs effects twice, so whatever they start must be restartable.
  const app = createElement(StrictMode, null, page)
  const container = document.querySelector('div')
  if (container === null) throw new Error('No container.')
  return { uploader, app, container, draw: () => act(draw), said: () => container.textContent }
}

function click(word: string): Promise<void> {
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === word)
  if (button === undefined) throw new Error(`No button "${word}".`)
  return act(async () => button.click())
}

/** @returns a function that counts the current listeners of the uploader */
function countListeners(uploader: FakeUploader): () => number {
  let count = 0
  const on = uploader.on.bind(uploader)
  vi.spyOn(uploader, 'on').mockImplementation((event, listener) => {
    const stop = on(event, listener)
    count += 1
    return () => {
      count -= 1
      stop()
    }
  })
  return () => count
}

const film = { name: 'film.mp4', size: 2_000_000, type: '' }

test('a page in React shows what is picked and how it goes on, and its buttons act', async () => {
  const { uploader, app, container, draw, said } = prepare()
  const listening = countListeners(uploader)
  const root = createRoot(container)
  await act(async () => root.render(app))
  expect(listening()).toBe(1)
  const input = container.querySelector('input')
  if (input === null) throw new Error('No input.')
  Object.defineProperty(input, 'files', { value: [new File(['abc'], 'a.txt')] })
  await act(async () => input.dispatchEvent(new Event('change', { bubbles: true })))
  draw()
  expect(said()).toContain('0 of 1 file finished')
  const [upload] = uploader.uploads
  upload?.show({ state: 'uploading', progress: { loaded: 1 } })
  draw()
  expect(said()).toContain('Uploading, 33.3%, 1 B/3 B')

  await click(en.pause)
  draw()
  expect(said()).toContain(en.states.paused)
  await click(en.resume)
  draw()
  expect(upload?.snapshot.state).toBe('uploading')
  upload?.show({ state: 'done' })
  draw()
  expect(said()).toContain('1 of 1 file finished')

  await act(async () => root.unmount())
  expect(listening()).toBe(0)
})

test('a server renders what the page shows at first, and the page takes it up', async () => {
  const { uploader, app, container, draw, said } = prepare()
  uploader.upload(film).show({ state: 'uploading', progress: { loaded: 500_000 } })
  container.innerHTML = renderToString(app)
  expect(said()).toContain('Uploading, 25.0%')
  const complaints = vi.spyOn(console, 'error')
  const root = await act(async () => hydrateRoot(container, app))
  expect(complaints.mock.calls).toEqual([])
  uploader.uploads[0]?.show({ progress: { loaded: 1_000_000 } })
  draw()
  expect(said()).toContain('50.0%')
  await act(async () => root.unmount())
  vi.restoreAllMocks()
})
