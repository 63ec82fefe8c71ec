import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { account } from './account.js'
import { emptyBucket } from './empty-bucket.js'
import { scratchRoot } from './scratch.js'
import { cpuMilliseconds, hostService } from './service-host.js'

const directory = await mkdtemp(join(scratchRoot(), 'carryon-bench-store-'))
const store: LocalCos = await startLocalCos({ directory, ...account })

const calls = {
  port: () => store.port,
  /** Requests and bytes by operation since the last `clear`. */
  counters: () => store.counters,
  clear: () => store.clearJournal(),
  /** Removes all objects and open uploads. */
  empty: () => emptyBucket(store.url),
  cpu: () => cpuMilliseconds(),
}

export type StoreCalls = typeof calls

hostService(calls, async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})
