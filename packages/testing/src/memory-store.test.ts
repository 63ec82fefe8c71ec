import { MemoryStore } from './memory-store.js'
import { storeContract } from './store-contract/index.js'

storeContract(
  'the store in memory',
  async () => {
    const store = new MemoryStore()
    store.refusesSmallParts = true
    return {
      credentials: { accessKeyId: 'memory', secretAccessKey: 'memory' },
      open: () => store,
      stop: async () => undefined,
    }
  },
  { forbidOverwriteOnComplete: true, isInProcess: true },
)
