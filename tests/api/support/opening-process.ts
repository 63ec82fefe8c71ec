import { createCosStore } from '@carryon/object-store'
import { cosStsIssuer, createServer, openDatabase } from '@carryon/server'

/**
 * One server process of several on one database and one store: migrates, opens the same upload a few times at once,
 * and prints `[status, id, uploadId]` of each answer as JSON.
 */
const [database = '', opens = '', baseUrl = '', endpoint = '', secretId = '', secretKey = ''] =
  process.argv.slice(2)
const [bucket = ''] = new URL(baseUrl).pathname.slice(1).split('/')
const region = 'ap-guangzhou'
const server = createServer({
  store: createCosStore({
    location: { dialect: 'cos', baseUrl, bucket, region },
    credentials: { accessKeyId: secretId, secretAccessKey: secretKey },
  }),
  sts: cosStsIssuer({ secretId, secretKey, region, endpoint }),
  database: openDatabase(database.startsWith('postgres:') ? { url: database } : { file: database }),
  authorize: () => ({ owner: 'anna' }),
})
await server.ready()
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
