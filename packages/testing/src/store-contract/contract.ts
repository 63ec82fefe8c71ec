import { afterAll, beforeAll, describe } from 'vitest'
import type {
  StoreCapabilities,
  ObjectStore,
  StoreCredentials,
  StoreDialect,
  StoreOptions,
} from '@carryon/object-store'
import { bucketRules } from './bucket-rules.js'
import { multipartUploads } from './multipart-uploads.js'
import { objects } from './objects.js'
import { overwriteProtection } from './overwrite-protection.js'
import { presignedUrls } from './presigned-urls.js'
import { refusals } from './refusals.js'
import { signedParts } from './signed-parts.js'

/** A running server with one empty bucket, or a fake of it. */
export interface ContractSubject {
  /** Credentials with full permissions on the bucket. */
  readonly credentials: StoreCredentials
  /** How a page signs a part, if the location alone does not determine it. */
  readonly sign?: StoreDialect['sign']
  /** Opens another client of that bucket, by default with these credentials. */
  open(options?: Partial<StoreOptions>): ObjectStore
  stop(): Promise<void>
}

/** Context of one group of contract tests. */
export interface ContractContext {
  readonly subject: ContractSubject
  readonly store: ObjectStore
}

export interface StorePromises extends Pick<StoreCapabilities, 'forbidOverwriteOnComplete'> {
  /**
   * A fake that handles calls but no HTTP requests; tests of signatures, policies and bucket rules are skipped.
   * @default false
   */
  readonly isInProcess?: boolean
}

/**
 * Declares the tests that every {@link ObjectStore} passes, on a real server or as a fake.
 *
 * @param name of the dialect and the server
 * @param makeStore starts the server; it is stopped after the last test
 * @param promises features that not all stores have; the store's capabilities must match them
 */
export function storeContract(
  name: string,
  makeStore: () => Promise<ContractSubject>,
  promises: StorePromises = { forbidOverwriteOnComplete: true },
): void {
  describe(`store contract: ${name}`, () => {
    let context: ContractContext | undefined
    const current = (): ContractContext => {
      if (context === undefined) throw new Error('The server has not started.')
      return context
    }

    beforeAll(async () => {
      const subject = await makeStore()
      context = { subject, store: subject.open() }
    })
    afterAll(async () => context?.subject.stop())

    describe('objects', () => objects(current))
    describe('multipart uploads', () => multipartUploads(current))
    describe('overwrite protection', () => overwriteProtection(current, promises))
    if (promises.isInProcess === true) return
    describe('presigned URLs', () => presignedUrls(current))
    describe('parts signed by the page', () => signedParts(current))
    describe('refusals', () => refusals(current))
    describe('bucket rules', () => bucketRules(current))
  })
}
