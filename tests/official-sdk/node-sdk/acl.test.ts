import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../support/exchange.js'
import { bucket, nodeClient, virtualHost } from '../support/node-client.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const object = { ...bucket, Key: 'acl/a.txt' }
const url = `http://${virtualHost}/${object.Key}`
const grantee = 'qcs::cam::uin/100000000002:uin/100000000002'

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
  await cos.putObject({ ...object, Body: 'content' })
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 sets the ACL', () => {
  it('of an object, and anyone may read it, or nobody', async () => {
    expect(await cos.getObjectAcl(object)).toMatchObject({ ACL: 'default' })
    await cos.putObjectAcl({ ...object, ACL: 'public-read' })
    expect(await cos.getObjectAcl(object)).toMatchObject({ ACL: 'public-read' })
    expect(await exchange(store, 'GET', url)).toMatchObject({ status: 200, body: Buffer.from('content') })
    await cos.putObjectAcl({ ...object, ACL: 'private' })
    expect((await exchange(store, 'GET', url)).status).toBe(403)
  })

  it('of an object as grants to accounts, in headers and as a policy', async () => {
    await cos.putObjectAcl({ ...object, GrantRead: `id="${grantee}"` })
    expect(await cos.getObjectAcl(object)).toMatchObject({ ACL: 'private', GrantRead: `id="${grantee}"` })
    const { Owner } = await cos.getObjectAcl(object)
    const Grants = { Grantee: { ID: grantee }, Permission: 'FULL_CONTROL' }
    // The SDK accepts this, although its types do not declare it.
    const byPolicy = { ...object, AccessControlPolicy: { Owner, Grants } }
    await cos.putObjectAcl(byPolicy)
    const read = await cos.getObjectAcl(object)
    expect(read.Grants).toHaveLength(1)
    expect(read).toMatchObject({ GrantFullControl: `id="${grantee}"` })
  })

  it.each(['public-read', 'public-read-write', 'private'] as const)('of a bucket: %s', async (ACL) => {
    await cos.putBucketAcl({ ...bucket, ACL })
    expect(await cos.getBucketAcl(bucket)).toMatchObject({ ACL })
  })
})
