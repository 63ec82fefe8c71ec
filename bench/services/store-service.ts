import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startLocalCos } from '@carryon/local-cos'
import type { LocalCos } from '@carryon/local-cos'
import { account } from './account.js'
import { localCos } from './backing.js'
import { emptyBucket } from './empty-bucket.js'
import { scratchRoot } from './scratch.js'
import { cpuMilliseconds, hostService } from './service-host.js'
import { storeAt } from './store-seen-from.js'

const directory = await mkdtemp(join(scratchRoot(), 'carryon-bench-store-'))
const store: LocalCos = await startLocalCos({ directory, ...account })

const calls = {
  url: () => store.url,
  /** Requests and bytes by operation since the last `clear`. */
  counters: () => store.counters,
  clear: () => store.clearJournal(),
  /** Removes all objects and open uploads. */
  empty: () => emptyBucket(storeAt(localCos, store.url)),
  cpu: () => cpuMilliseconds(),
}

export type StoreCalls = typeof calls

hostService(calls, async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})
