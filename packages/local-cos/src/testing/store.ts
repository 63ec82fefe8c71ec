import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startLocalCos, type LocalCos, type LocalCosOptions } from '../index.js'
import { TestClient } from './client.js'

export const credentials = { secretId: 'AKIDtest', secretKey: 'test-secret' }
export const bucket = 'carryon-1250000000'

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'local-cos-'))
  onTestFinished(async () => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Starts a store that stops when the test ends. */
export async function startTestStore(
  options: Partial<LocalCosOptions> = {},
): Promise<{ readonly store: LocalCos; readonly client: TestClient; readonly directory: string }> {
  const directory = options.directory ?? (await temporaryDirectory())
  const store = await startLocalCos({ ...credentials, directory, faults: true, journal: true, ...options })
  onTestFinished(async () => store.close())
  return { store, client: new TestClient(store.url, credentials), directory }
}
