import { expect, test } from 'vitest'
import type { IssuedCredentials } from '../sts/sts-issuer.js'
import { TestFile } from '../testing/test-file.js'
import { startTestServer } from '../testing/test-server.js'

test('a storm of opens and renewals asks the STS once for each key, and again when half of the life is over', async () => {
  const asked: string[] = []
  const issue = async ({ scope }: { scope: { kind: string } }): Promise<IssuedCredentials> => {
    asked.push(JSON.stringify(scope))
    const credentials = { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: String(asked.length) }
    return { credentials, startsAt: 0, expiresAt: 1_800 }
  }
  const setup = await startTestServer({ sts: { issue } })
  try {
    const files = [new TestFile(1), new TestFile(2)]
    const tabs = Array.from({ length: 20 }, (_, index) => files[index % 2] ?? new TestFile())
    const opened = await Promise.all(tabs.map((file) => setup.api.open(file.request)))
    const storm = () =>
      Promise.all(
        Array.from({ length: 200 }, (_, index) => {
          const id = opened[index % opened.length]?.body.upload.id ?? ''
          return setup.api.call('POST', `/api/uploads/${id}/access`, {})
        }),
      )
    expect(new Set((await storm()).map(({ status }) => status))).toEqual(new Set([200]))
    expect(asked).toHaveLength(2)
    expect(new Set(asked).size).toBe(2)
    setup.advance(15 * 60_000)
    await storm()
    expect(asked).toHaveLength(4)
  } finally {
    await setup.close()
  }
})
