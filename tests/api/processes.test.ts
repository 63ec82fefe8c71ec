import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ApiUnderTest, fragmentsOf, secrets, startApi } from './support/api-under-test.js'
import { inProcesses } from './support/in-processes.js'

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

test('six processes that start at once migrate one fresh register, and open one upload between them', async () => {
  const entry = join(import.meta.dirname, 'support/opening-process.ts')
  const { baseUrl, url } = api.local
  const register = join(folder, 'register.sqlite')
  const printed = await inProcesses(6, entry, [register, baseUrl, url, secrets.secretId, secrets.secretKey])
  const answers = printed.flatMap((text) => JSON.parse(text) as [number, string, string][])
  expect(answers).toHaveLength(30)
  expect(answers.filter(([status]) => status === 201)).toHaveLength(1)
  expect(answers.filter(([status]) => status === 200)).toHaveLength(29)
  expect(new Set(answers.map(([, id]) => id)).size).toBe(1)
  expect(new Set(answers.map(([, , uploadId]) => uploadId)).size).toBe(1)
  expect(await fragmentsOf(api)).toHaveLength(1)
})
