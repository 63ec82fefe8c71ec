import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../scripts/postgres.mjs'
import { type ApiUnderTest, openMultipartKeys, secrets, startApi } from './support/api-under-test.js'
import { inProcesses } from '../support/in-processes.js'

let api: ApiUnderTest
let folder: string
beforeEach(async () => {
  api = await startApi()
  folder = await mkdtemp(join(tmpdir(), 'carryon-processes-'))
})
afterEach(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

/** Starts server processes concurrently on one fresh database, each opening the same upload many times at once. */
async function openTogether(processes: number, opens: number, database: string): Promise<void> {
  const entry = join(import.meta.dirname, 'support/opening-process.ts')
  const { baseUrl, url } = api.local
  const args = [database, String(opens), baseUrl, url, secrets.secretId, secrets.secretKey]
  const printed = await inProcesses(processes, entry, args)
  const answers = printed.flatMap((text) => JSON.parse(text) as [number, string, string][])
  expect(answers).toHaveLength(processes * opens)
  expect(answers.filter(([status]) => status === 201)).toHaveLength(1)
  expect(answers.filter(([status]) => status === 200)).toHaveLength(processes * opens - 1)
  expect(new Set(answers.map(([, id]) => id)).size).toBe(1)
  expect(new Set(answers.map(([, , uploadId]) => uploadId)).size).toBe(1)
  expect(await openMultipartKeys(api)).toHaveLength(1)
}

test('six processes that start at once migrate one fresh database, and open one upload between them', async () => {
  await openTogether(6, 5, join(folder, 'carryon.sqlite'))
})

test('four processes on PostgreSQL open one upload between them', async (context) => {
  const reason = whyNoPostgres()
  if (reason !== null) return context.skip(`skipped, for there is no PostgreSQL: ${reason}`)
  const postgres = await startPostgres()
  try {
    await openTogether(4, 13, postgres.url)
  } finally {
    await postgres.stop()
  }
})
