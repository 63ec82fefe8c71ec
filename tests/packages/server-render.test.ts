import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./render-on-server.mjs', import.meta.url))

/** The script's output. */
interface Printed {
  readonly rendered: Readonly<Record<'CarryonUploads' | 'UploadDropZone', string>>
  readonly listeners: number
  readonly asked: readonly string[]
  readonly exported: readonly string[]
}

test('every component and composable renders in Node, and the process ends by itself', async () => {
  // Run the built package, which an application's server imports. Nothing may keep the process alive: a server
  // renders repeatedly.
  const { stdout, stderr } = await run(process.execPath, [script], { timeout: 60_000 })
  const { rendered, listeners, asked, exported } = JSON.parse(stdout) as Printed
  expect(stderr).toBe('')
  expect(rendered.CarryonUploads).toContain('data-testid="drop-zone"')
  expect(rendered.UploadDropZone).toContain('data-testid="file-input"')
  expect(Object.keys(rendered).sort()).toEqual(exported)
  // Components are never unmounted on a server, so they must not add listeners.
  expect(listeners).toBe(0)
  expect(asked).toEqual([])
})
