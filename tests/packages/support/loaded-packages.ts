import { createRequire } from 'node:module'
import { awsCredentials, cosStsIssuer, openDatabase, s3StsIssuer } from '@carryon/server'

/**
 * Prints which heavy packages are loaded after importing `@carryon/server`, then the result of the first use of each,
 * and which are loaded after that.
 */
const heavy = ['better-sqlite3', 'pg', 'tencentcloud-sdk-nodejs-sts', '@aws-sdk/client-sts']
/** All of them are CommonJS, so this cache lists them. */
const loaded = () => {
  const files = Object.keys(createRequire(import.meta.url).cache)
  return heavy.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)))
}
const key = { accessKeyId: 'id', secretAccessKey: 'key', region: 'r' }
const uses: (() => unknown)[] = [
  () => openDatabase({ file: ':memory:' }).migrate(),
  () => openDatabase({ url: 'postgres://127.0.0.1:1/none' }).migrate(),
  () => cosStsIssuer({ secretId: 'id', secretKey: 'key', region: 'r' }).ready?.(),
  () => s3StsIssuer({ ...key, roleArn: 'arn:aws:iam:::role/r' }).ready?.(),
  () => awsCredentials({ region: 'r' })(),
]

const before = loaded()
const said: string[] = []
for (const use of uses) {
  try {
    await use()
    said.push('done')
  } catch (error) {
    said.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
}
console.log(JSON.stringify({ before, said, after: loaded() }))
process.exit(0)
