import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCos, type FaultRule, type LocalCosOptions } from '@carryon/local-cos'

/** The permanent key pair, bucket and region of the store in every suite. */
export const account = {
  secretId: 'AKIDofficialsdksuite000000000000000',
  secretKey: 'officialSdkSuiteSecretKey0000000',
  bucket: 'official-1250000000',
  appId: '1250000000',
  region: 'ap-guangzhou',
} as const

export interface StoreUnderTest {
  /** Address it listens on, `127.0.0.1:PORT`. */
  readonly address: string
  readonly port: number
  /** A scratch directory for the suite, removed with the store. */
  readonly scratch: string
  /** Part numbers of `key` acknowledged by the store, in order; a part sent twice appears twice. */
  partsStored(key: string): number[]
  /** Replaces the active faults. */
  faults(...rules: readonly FaultRule[]): void
  close(): Promise<void>
}

/** Starts the embedded store on a free loopback port, empty and without CORS rules, like a new bucket of COS. */
export async function startStoreUnderTest(
  options: Pick<LocalCosOptions, 'now'> = {},
): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'carryon-official-sdk-'))
  const { secretId, secretKey, bucket, region } = account
  const store = await startLocalCos({
    directory: join(root, 'store'),
    host: '127.0.0.1',
    port: 0,
    secretId,
    secretKey,
    bucket,
    region,
    cors: 'none',
    journal: true,
    faults: true,
    ...options,
  })
  return {
    address: `127.0.0.1:${store.port}`,
    port: store.port,
    scratch: root,
    partsStored: (key) =>
      store.journal.flatMap(({ operation, key: of, partNumber, acknowledged }) =>
        operation === 'UploadPart' && of === key && acknowledged && partNumber !== undefined
          ? [partNumber]
          : [],
      ),
    faults(...rules) {
      store.faults?.clear()
      store.faults?.set(...rules)
    },
    async close() {
      await store.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
