import type { StoreLocation } from '@carryon/object-store'
import type { CompleteRequest, RegisteredUpload } from '@carryon/protocol'
import { answerOf, BrowserDatabase } from '../memory/browser-database.js'
import type { SchemaSteps } from '../memory/browser-database.js'

/** An upload record of this browser. */
export interface StsRecord {
  /** Random id of the upload. */
  readonly id: string
  /** {@link StsBackendOptions.owner} of the upload. */
  readonly owner: string
  /** The upload's fingerprint. */
  readonly identity: string
  /** The record that a server would have. */
  readonly upload: RegisteredUpload
  /** The bucket that it is stored in. */
  readonly location: StoreLocation
  /** Base64 MD5 of the whole content, if it is sent as one PUT; else `null`. */
  readonly md5: string | null
  /** Declared size and checksum of the object; present once complete was called. */
  readonly declared?: Pick<CompleteRequest, 'size' | 'crc64'>
}

/** Where {@link StsRecord}s are kept. */
export interface StsRecords {
  /** Records of this owner with this fingerprint. */
  find(owner: string, identity: string): Promise<readonly StsRecord[]>
  /** `undefined` when there is none. */
  get(id: string): Promise<StsRecord | undefined>
  /** All records of this owner. */
  all(owner: string): Promise<readonly StsRecord[]>
  /** Resolves once it is stored. */
  put(record: StsRecord): Promise<void>
  /** Also resolves when there is none. */
  delete(id: string): Promise<void>
}

const steps: SchemaSteps = [
  (database) => {
    const uploads = database.createObjectStore('uploads', { keyPath: 'id' })
    uploads.createIndex('owner', 'owner')
    uploads.createIndex('identity', ['owner', 'identity'])
  },
]

/** Records in IndexedDB; in memory where it cannot be opened, so that a reload loses them. */
export function browserRecords(): StsRecords {
  const database = new BrowserDatabase<'uploads'>('carryon-sts', steps)
  const held = volatileRecords()
  let chosen: Promise<StsRecords> | undefined
  const records = (): Promise<StsRecords> =>
    (chosen ??= database.open().then(
      () => overDatabase(database),
      () => held,
    ))
  return {
    find: async (owner, identity) => (await records()).find(owner, identity),
    get: async (id) => (await records()).get(id),
    all: async (owner) => (await records()).all(owner),
    put: async (record) => (await records()).put(record),
    delete: async (id) => (await records()).delete(id),
  }
}

function overDatabase(database: BrowserDatabase<'uploads'>): StsRecords {
  const read = <T>(ask: (uploads: IDBObjectStore) => IDBRequest): Promise<T> =>
    database.transact(['uploads'], 'readonly', (store) => answerOf(ask(store('uploads')) as IDBRequest<T>))
  const write = (work: (uploads: IDBObjectStore) => IDBRequest): Promise<void> =>
    database.transact(['uploads'], 'readwrite', (store) => {
      work(store('uploads'))
    })
  return {
    find: (owner, identity) => read((uploads) => uploads.index('identity').getAll([owner, identity])),
    get: (id) => read((uploads) => uploads.get(id)),
    all: (owner) => read((uploads) => uploads.index('owner').getAll(owner)),
    put: (record) => write((uploads) => uploads.put(record)),
    delete: (id) => write((uploads) => uploads.delete(id)),
  }
}

/** Records in memory, until the page is closed. */
export function volatileRecords(): StsRecords {
  const records = new Map<string, StsRecord>()
  const where = (is: (record: StsRecord) => boolean): readonly StsRecord[] => [...records.values()].filter(is)
  return {
    find: async (owner, identity) => where((one) => one.owner === owner && one.identity === identity),
    get: async (id) => records.get(id),
    all: async (owner) => where((one) => one.owner === owner),
    async put(record) {
      records.set(record.id, record)
    },
    async delete(id) {
      records.delete(id)
    },
  }
}
