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
  port: (_: null) => store.port,
  /** Requests and bytes by operation since the last `clear`. */
  counters: (_: null) => store.counters,
  clear: (_: null) => store.clearJournal(),
  /** Removes all objects and open uploads. */
  empty: (_: null) => emptyBucket(store.url),
  cpu: (_: null) => cpuMilliseconds(),
}

export type StoreCalls = typeof calls

hostService(calls, async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})
