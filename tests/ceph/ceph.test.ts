import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whyNoPostgres } from '../../scripts/postgres.mjs'
import { storeContract } from '@carryon/testing/store-contract'
import { bucketSetup } from './bucket-setup.js'
import { startCeph, whyNoCeph } from './ceph.js'
import type { Ceph } from './ceph.js'
import { checksums } from './checksums.js'
import { manyServers } from './many-servers.js'
import { uploads } from './uploads.js'

/** Timeout for starting Ceph, milliseconds; it takes about 15 s on a quiet machine. */
const startPatience = 180_000

const reason = whyNoCeph()

if (reason !== null) {
  test('Ceph', (context) => context.skip(`skipped, for there is no Ceph: ${reason}`))
} else {
  // All Ceph suites are in one file, because starting Ceph takes a while.
  describe('Ceph', () => {
    let running: Ceph | undefined
    const ceph = (): Ceph => running ?? expect.fail('Ceph has not started.')
    beforeAll(async () => void (running = await startCeph()), startPatience)
    afterAll(async () => running?.stop())

    storeContract(
      's3 on Ceph',
      async () => {
        const bucket = await ceph().createBucket()
        return {
          credentials: ceph().credentials,
          open: (options) => ceph().open(bucket, options),
          stop: async () => undefined,
        }
      },
      { forbidOverwriteOnComplete: false },
    )
    describe('uploads on Ceph', () => uploads(ceph))
    describe('CRC-64/NVME before Ceph', () => checksums(ceph))
    describe('setup-bucket on Ceph', () => bucketSetup(ceph))
    const noDatabase = whyNoPostgres()
    if (noDatabase === null) describe('several servers on Ceph', () => manyServers(ceph))
    else {
      test('several servers on Ceph', (context) =>
        context.skip(`skipped, for there is no PostgreSQL: ${noDatabase}`))
    }
  })
}
