import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { endToEnd } from './harness/end-to-end.js'
import type { FileInMemory, UploadPage } from './harness/upload-page.js'

const test = endToEnd()

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = Buffer.from(
  '%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>',
)

/** A tenth of a second of silence. */
function wav(): Buffer {
  const samples = Buffer.alloc(1_600)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(16_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}

/** A video of a few frames, recorded by this browser. */
async function webm(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 32 })
    const drawing = canvas.getContext('2d')
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm;codecs=vp8' })
    const chunks: Blob[] = []
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve))
    recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data))
    recorder.start()
    for (let frame = 0; frame < 20; frame += 1) {
      drawing?.fillRect(frame, frame, 4, 4)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    recorder.stop()
    await stopped
    return [...new Uint8Array(await new Blob(chunks).arrayBuffer())]
  })
  return Buffer.from(bytes)
}

async function finished(uploads: UploadPage, file: FileInMemory) {
  await uploads.pick(file)
  const row = uploads.row(file.name)
  await row.waitFor('done')
  return row.locator
}

test('an image, a sound and a video are shown on the page, before and after a reload', async ({
  visitor,
}) => {
  const uploads = await visitor.open()
  const { page } = uploads
  const files: readonly FileInMemory[] = [
    { name: 'dot.png', mimeType: 'image/png', buffer: png },
    { name: 'silence.wav', mimeType: 'audio/wav', buffer: wav() },
    { name: 'frames.webm', mimeType: 'video/webm', buffer: await webm(page) },
  ]
  const preview = page.getByTestId('preview')
  const look = async () => {
    for (const { name } of files) {
      await page.locator(`li[data-name="${name}"]`).getByTestId('upload-preview').click()
      const loaded = () =>
        preview.locator('img, audio, video').evaluate((shown) => {
          if (shown instanceof HTMLImageElement) return shown.complete && shown.naturalWidth === 1
          return shown instanceof HTMLMediaElement && shown.readyState >= HTMLMediaElement.HAVE_METADATA
        })
      await expect.poll(loaded, { message: name, timeout: 20_000 }).toBe(true)
      expect(await preview.getByTestId('preview-failed').count()).toBe(0)
      await page.keyboard.press('Escape')
      await expect.poll(() => preview.count()).toBe(0)
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
      await expect.poll(focused).toBe('upload-preview')
    }
  }
  for (const file of files) await finished(uploads, file)
  await look()
  await uploads.reload()
  await page.getByTestId('finished-row').first().waitFor()
  await look()
})

test('a text and a PDF open in a tab of their own, from the store and under its own type', async ({
  product,
  visitor,
}) => {
  const uploads = await visitor.open()
  const text = Buffer.from('<script>document.title = "ran"</script> 会议')
  const json = Buffer.from('{"a": "<script>document.title = 1</script>"}')
  for (const [file, type] of [
    [{ name: 'notes.txt', mimeType: 'text/plain', buffer: text }, 'text/plain; charset=utf-8'],
    [{ name: 'data.json', mimeType: 'application/json', buffer: json }, 'text/plain; charset=utf-8'],
    [{ name: 'page.pdf', mimeType: 'application/pdf', buffer: pdf }, 'application/pdf'],
  ] as const) {
    const row = await finished(uploads, file)
    const answered = visitor.chromium.context.waitForEvent('response', {
      predicate: (response) => response.url().startsWith(product.storeUrl) && response.status() === 200,
    })
    const [tab] = await Promise.all([
      visitor.chromium.context.waitForEvent('page'),
      row.getByTestId('upload-preview').click(),
    ])
    const headers = await (await answered).allHeaders()
    expect([headers['content-type'], headers['content-disposition']?.split(';', 1)[0]]).toEqual([
      type,
      'inline',
    ])
    if (type.startsWith('text/')) {
      await expect.poll(() => tab.innerText('body')).toBe(file.buffer.toString())
      expect(await tab.title()).toBe('')
      expect(new URL(tab.url()).origin).toBe(new URL(product.storeUrl).origin)
    }
    await tab.close()
  }
})

test('what could act as a page has no preview, and is downloaded even where it is asked for', async ({
  visitor,
}) => {
  const uploads = await visitor.open()
  for (const [name, mimeType] of [
    ['a.html', 'text/html'],
    ['a.svg', 'image/svg+xml'],
    ['a.xhtml', 'application/xhtml+xml'],
    ['a.bin', ''],
  ] as const) {
    const row = await finished(uploads, {
      name,
      mimeType,
      buffer: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>"${name}"</script></svg>`),
    })
    expect(await row.getByTestId('upload-preview').count()).toBe(0)
    const href = (await row.getByTestId('upload-url').getAttribute('href')) ?? ''
    const tab = await visitor.chromium.context.newPage()
    const [download] = await Promise.all([
      tab.waitForEvent('download'),
      tab.goto(`${href}?inline=1`).catch(() => null),
    ])
    expect(download.suggestedFilename()).toBe(name)
    await tab.close()
  }
})

test('what this browser cannot show says so, and can be downloaded', async ({ visitor }) => {
  const uploads = await visitor.open()
  const row = await finished(uploads, {
    name: 'not.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no image'),
  })
  await row.getByTestId('upload-preview').click()
  await uploads.page.getByTestId('preview-failed').waitFor()
})
