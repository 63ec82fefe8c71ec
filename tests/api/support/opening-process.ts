import { serveSeparately } from './separate-server.js'

/**
 * One of several server processes that share a database and a store: migrates, opens the same upload several times
 * concurrently, and prints `[status, id, uploadId]` of each response as JSON.
 */
const [database = '', opens = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const server = await serveSeparately(
  [baseUrl, endpoint, secretId, secretKey],
  database.startsWith('postgres:') ? { url: database } : { file: database },
)
const answers = await Promise.all(
  Array.from({ length: Number(opens) }, async () => {
    const response = await server.fetch(
      new Request('http://app.test/api/uploads', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ identity: '1:5000000:same', name: 'same.bin', size: 5_000_000 }),
      }),
    )
    const { upload } = (await response.json()) as { upload?: { id: string; uploadId: string } }
    return [response.status, upload?.id, upload?.uploadId]
  }),
)
console.log(JSON.stringify(answers))
await server.close()
