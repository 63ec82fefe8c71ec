import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// The test runner hands its resolve conditions, `import` among them, to the whole process. So the `require` of
// json-bigint, with which Tencent's API 3.0 client writes its requests, finds the ES module of bignumber.js instead of
// the CommonJS one, and fails on the first request. This module puts the CommonJS one in its place; it has to be
// imported before the client is. Plain Node needs none of this.
const require = createRequire(import.meta.url)
const client = createRequire(require.resolve('tencentcloud-sdk-nodejs-sts'))
const common = createRequire(client.resolve('tencentcloud-sdk-nodejs-common'))
const jsonBigint = createRequire(common.resolve('json-bigint'))
const found = jsonBigint.resolve('bignumber.js')
if (found.endsWith('.mjs')) {
  const commonJs = join(dirname(found), 'bignumber.js')
  jsonBigint(commonJs)
  jsonBigint.cache[found] = jsonBigint.cache[commonJs]
}
